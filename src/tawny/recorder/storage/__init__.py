"""Where footage is kept and for how long, in the words of the API.

Disks: `service` joins them for the API (`document`, `methods`), over `survey` (what there is), `disks`, `mounts` and `formatting`; `conditions` and `alarms` say
what is wrong with them, `ports` what they ask of the machine.

What is kept: `policy` joins `depth` (depths, the size limit, and lowerings that wait), `holds`, `leases` and `clock_trust` and tells the archive's retention;
`measuring` walks through the index for sizes, `forecast` and `reckoning` draw the sums, `cautions` puts them into words.

- `model`: values that all of it shares
"""
