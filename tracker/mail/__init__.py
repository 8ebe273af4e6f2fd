"""Mail: a catalogue of messages, the outbox they wait in, and delivery."""
