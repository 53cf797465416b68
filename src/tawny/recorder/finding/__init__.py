"""Which cameras there are on the networks of this machine, added or not.

`service` listens to Hello and Bye all the time and runs one search at a time for all who look (`search`: questions to
the group, then addresses one by one); what is heard is joined to devices in `catalogue`, their makes told by `makes`.
`lost` follows cameras that were added to the addresses where they are now. `ports` is what it takes of the machine.

WS-Discovery as ONVIF has it (Core Specification, 7).
"""
