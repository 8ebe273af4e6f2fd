"""分发: a plan's slices go out to its departments, by mail or as one zip."""
