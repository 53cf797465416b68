"""Exports: jobs that outlive restarts, done by a worker process, one at a time (``docs/design/programs.md``, "Exports").

- `model` are the values, `requests` reads what is asked for, `store` keeps the jobs in ``exports/<id>/job.json``
- `estimate` says beforehand how large an export would be; `preparation` sees that the archive is ready for it: the range over, its
  segments closed, none of them deleted meanwhile
- `worker` runs the process that writes the files; `drives` copies them to a drive and reads them back; `files` hands them out
- `service` is the queue and the life of each job; `routes` its place on the link
"""
