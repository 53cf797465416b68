"""Which cameras there are on the networks of this machine, added or not.

`service` listens to Hello and Bye all the time (`hearing`: on every interface) and runs one search at a time for all who
look (`search`: questions to the group, then addresses one by one); what is heard is joined to devices in `catalogue`,
which believes of their `addresses` the ports alone, and has their makes from `makes`. `lost` follows cameras that were
added (`known`) to where they are now. `methods` is what may be asked, `ports` what it takes of the machine.

WS-Discovery as ONVIF has it (Core Specification, 7).
"""
