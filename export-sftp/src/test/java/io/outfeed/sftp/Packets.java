package io.outfeed.sftp;

import java.io.IOException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.session.helpers.PendingWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.ServerFactoryManager;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.apache.sshd.server.session.SessionFactory;

/**
 * The packets of a server's connections, of both directions and decrypted. At one of them the server cuts the connection, or
 * falls silent: one of the client's is not handled then, what one of the server's answers to was done. Thread-safe.
 */
final class Packets {

    private int passed;
    private int last = Integer.MAX_VALUE;
    private boolean silence;
    private String struck = "";

    /** The server cuts the connection at the packet of this number, from now on and beginning with 0. */
    synchronized void cutAt(int number) {
        arm(number, false);
    }

    /** The server falls silent at the packet of this number, from now on and beginning with 0; the socket stays open. */
    synchronized void fallSilentAt(int number) {
        arm(number, true);
    }

    /** All packets pass. */
    synchronized void pass() {
        arm(Integer.MAX_VALUE, false);
    }

    private void arm(int number, boolean silently) {
        passed = 0;
        last = number;
        silence = silently;
        struck = "";
    }

    /** How many have passed since one of the other methods was called. */
    synchronized int passed() {
        return passed;
    }

    /** At which packet something happened; empty while nothing did. */
    synchronized String struck() {
        return struck;
    }

    /** Makes the server's connections. */
    SessionFactory sessions(ServerFactoryManager server) {
        return new SessionFactory(server) {
            @Override
            protected ServerSessionImpl doCreateSession(IoSession socket) throws Exception {
                return new BreakableSession(getServer(), socket);
            }
        };
    }

    private synchronized boolean strikes(String packet) {
        if (passed++ != last) {
            return false;
        }
        struck = packet;
        return true;
    }

    private synchronized boolean silence() {
        return silence;
    }

    private final class BreakableSession extends ServerSessionImpl {

        private volatile boolean over;

        BreakableSession(ServerFactoryManager server, IoSession socket) throws Exception {
            super(server, socket);
        }

        @Override
        public void start() throws Exception {
            if (!ends("the connection")) {
                super.start();
            }
        }

        @Override
        protected void handleMessage(Buffer packet) throws Exception {
            if (!ends("the client's " + name(packet))) {
                super.handleMessage(packet);
            }
        }

        @Override
        protected IoWriteFuture doWritePacket(Buffer packet) throws IOException {
            return ends("the server's " + name(packet))
                    ? new PendingWriteFuture(this, packet)
                    : super.doWritePacket(packet);
        }

        private boolean ends(String packet) {
            if (!over && strikes(packet)) {
                over = true;
                if (!silence()) {
                    close(true);
                }
            }
            return over;
        }

        private String name(Buffer packet) {
            return SshConstants.getCommandMessageName(packet.array()[packet.rpos()]);
        }
    }
}
