"""What leaders look at: lights and tallies, each figure a count of rows."""
