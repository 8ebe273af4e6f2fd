"""Who there is: departments, posts and people, other names, groups; and who a name means."""
