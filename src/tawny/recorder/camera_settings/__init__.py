"""The settings that a camera keeps itself, read from it and written to it through ONVIF.

``model`` is what a person sees: parts, fields, actions, and what became of each wish. ``sections`` is how a part is
read and written; one module makes those of each kind: ``video``, ``image``, ``osd``, ``masks``, ``audio``,
``camera_clock``, ``system``. ``wishes`` fits what was asked for into what a field takes; ``writing`` writes it, field by
field where all together is refused, and judges what became of it. ``service`` joins them: read, write, read back, tell.
They are asked for through ``control.methods``.

Nothing is offered that the camera does not report, and nothing of it is kept here: the camera is asked each time.
"""
