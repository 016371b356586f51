"""``edi-gateway demo``: the main job, with a buyer on the other side of a real SFTP server, in a clock that is moved.

scene    sets everything up in a fresh folder: gateway, mailboxes, keys, buyers
story    what happens, step by step
verdict  whether every balance is right at the end
"""
