package io.outfeed.sftp.internal.socket;

import io.outfeed.internal.connection.Watchdog;

/** A connected socket, and what closes it when it hangs. */
public record ConnectedSocket(SshSocket socket, Watchdog watchdog) {}
