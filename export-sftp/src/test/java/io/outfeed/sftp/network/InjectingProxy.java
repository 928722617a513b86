package io.outfeed.sftp.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Copies everything, and injects a packet after the line by which the server identifies itself. */
public final class InjectingProxy implements AutoCloseable {

    /** An unencrypted packet of the kind that is to be ignored. */
    private static final byte[] IGNORE = {0, 0, 0, 12, 6, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    private final BytePump pump;

    private InjectingProxy(BytePump pump) {
        this.pump = pump;
    }

    /** Injects a packet that the client would ignore. */
    public static InjectingProxy injectingIgnore(int server) throws IOException {
        return injecting(server, IGNORE);
    }

    /** Injects nothing. */
    public static InjectingProxy injectingNothing(int server) throws IOException {
        return injecting(server, new byte[0]);
    }

    private static InjectingProxy injecting(int server, byte[] packet) throws IOException {
        return new InjectingProxy(BytePump.start(server, (direction, in, out) -> {
            if (direction == BytePump.Direction.TO_CLIENT) {
                copyLine(in, out);
                out.write(packet);
            }
            in.transferTo(out);
        }));
    }

    private static void copyLine(InputStream in, OutputStream out) throws IOException {
        for (int read = in.read(); read != '\n'; read = in.read()) {
            out.write(read);
        }
        out.write('\n');
    }

    public int port() {
        return pump.port();
    }

    @Override
    public void close() throws IOException {
        pump.close();
    }
}
