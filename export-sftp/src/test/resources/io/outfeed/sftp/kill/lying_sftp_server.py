"""Relays between sshd and the real SFTP server, and lies about renames that make a file visible.

lying_sftp_server.py SERVER HOME

SERVER         the real server, which does what the lies say is done
HOME/lies      the lies to tell, a line each, in turn; without this file nothing is falsified
HOME/told      what was told, a line each: the lie, a blank, the name of the file
HOME/taken     to where the receiver takes files: a directory for each name, with a file for each arrival

A lie is DEED_ANSWER. It is recorded before its answer is sent, and before the receiver takes the file.
"""
import os
import shutil
import struct
import subprocess
import sys
import threading
import time

RENAME = 18
STATUS = 101
EXTENDED = 200
POSIX_RENAME = b"posix-rename@openssh.com"

OK = 0
ANSWERS = {"OK": OK, "MISSING": 2, "FAILURE": 4}

server = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
home = sys.argv[2]
client = sys.stdout.buffer
client_lock = threading.Lock()
requested = {}  # by the number of the request: the lie, and the final name


def read_packet(stream):
    head = stream.read(4)
    if len(head) < 4:
        return None
    length = struct.unpack(">I", head)[0]
    body = stream.read(length)
    return body if len(body) == length else None


def write_packet(stream, body):
    stream.write(struct.pack(">I", len(body)) + body)
    stream.flush()


def strings(body, offset):
    while offset + 4 <= len(body):
        length = struct.unpack_from(">I", body, offset)[0]
        yield body[offset + 4 : offset + 4 + length]
        offset += 4 + length


def renamed(body):
    """The names of a rename that makes a file visible, or None."""
    names = list(strings(body, 5)) if body[0] in (RENAME, EXTENDED) else []
    if body[0] == EXTENDED:
        if names[:1] != [POSIX_RENAME]:
            return None
        names = names[1:]
    if len(names) < 2:
        return None
    old, new = (os.fsdecode(name) for name in names[:2])
    hidden, shown = os.path.basename(old), os.path.basename(new)
    return (old, new) if hidden.startswith(".") and not shown.startswith(".") else None


def next_lie():
    try:
        with open(os.path.join(home, "lies")) as lines:
            lies = lines.read().split()
    except FileNotFoundError:
        return None
    try:
        with open(os.path.join(home, "told")) as lines:
            told = len(lines.readlines())
    except FileNotFoundError:
        told = 0
    return lies[told % len(lies)]


def record(lie, new):
    told = os.open(os.path.join(home, "told"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(told, f"{lie} {os.path.basename(new)}\n".encode())
    os.close(told)


def copy(old, new):
    half = os.path.join(home, "copy")
    shutil.copy2(old, half)
    os.rename(half, new)


def take(new):
    arrivals = os.path.join(home, "taken", os.path.basename(new))
    os.makedirs(arrivals, exist_ok=True)
    os.rename(new, os.path.join(arrivals, str(time.time_ns())))


def answer(number, code):
    text = b"as the test wanted"
    body = bytes([STATUS]) + number + struct.pack(">I", code)
    body += struct.pack(">I", len(text)) + text + struct.pack(">I", 0)
    with client_lock:
        write_packet(client, body)


def end():
    server.kill()
    os._exit(0)


def tell(number, lie, new):
    """Answers a request that is done."""
    record(lie, new)
    if lie.startswith("TAKEN_"):
        take(new)
    what = lie.rsplit("_", 1)[1]
    if what == "UNANSWERED":
        end()
    answer(number, ANSWERS[what])


def relay_requests():
    while (body := read_packet(sys.stdin.buffer)) is not None:
        names = renamed(body)
        lie = next_lie() if names and os.path.exists(names[0]) else None
        number = body[1:5]
        if lie is None:
            write_packet(server.stdin, body)
        elif lie == "COPIED_OK":
            copy(*names)
            tell(number, lie, names[1])
        elif lie == "NOT_DONE_OK":
            tell(number, lie, names[1])
        else:
            requested[number] = (lie, names[1])
            write_packet(server.stdin, body)
    server.stdin.close()


def relay_answers():
    while (body := read_packet(server.stdout)) is not None:
        request = requested.pop(body[1:5], None)
        if request and body[0] == STATUS and struct.unpack_from(">I", body, 5)[0] == OK:
            tell(body[1:5], *request)
        else:
            with client_lock:
                write_packet(client, body)
    end()


threading.Thread(target=relay_answers, daemon=True).start()
try:
    relay_requests()
except BrokenPipeError:
    end()
server.wait()
