"""What readers, partners and organizers see of events."""
