"""The organizers' desk in the admin: one event at a glance, its verbs, its invitations and their letters."""
