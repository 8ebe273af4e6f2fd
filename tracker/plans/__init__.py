"""What is to be done: plan, section, task, assignment; deadlines and lights of a day."""
