package io.outfeed.sftp.internal.socket;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** A socket to a server of SSH, perhaps by a proxy. */
public final class SshSocket extends Socket {

    private boolean reachedServer;
    private @Nullable InputStream limited;

    /** Bounds what is read from now on until the server has identified itself: a proxy sends nothing more. */
    synchronized void reachedServer() {
        reachedServer = true;
    }

    @Override
    public synchronized InputStream getInputStream() throws IOException {
        if (!reachedServer) {
            return super.getInputStream();
        }
        InputStream known = limited;
        if (known == null) {
            known = new IdentificationLimit(super.getInputStream());
            limited = known;
        }
        return known;
    }
}
