package io.outfeed.sftp.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Copies everything, and injects bytes before or after the line by which the server identifies itself. */
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

    /** Injects an unencrypted DISCONNECT with this text. */
    public static InjectingProxy injectingDisconnect(int server, String text) throws IOException {
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        int unpadded = 1 + 1 + 4 + 4 + message.length + 4;
        int padding = 8 - (4 + unpadded) % 8 + 4;
        ByteBuffer packet = ByteBuffer.allocate(4 + unpadded + padding);
        packet.putInt(unpadded + padding).put((byte) padding).put((byte) 1);
        packet.putInt(2).putInt(message.length).put(message).putInt(0);
        return injecting(server, packet.array());
    }

    /** Injects an unencrypted packet that announces this length, without its content. */
    public static InjectingProxy injectingLength(int server, int length) throws IOException {
        return injecting(server, ByteBuffer.allocate(16).putInt(length).array());
    }

    /** Sends a text before the server's identification. */
    public static InjectingProxy greeting(int server, String text) throws IOException {
        return injecting(server, text.getBytes(StandardCharsets.UTF_8), new byte[0]);
    }

    private static InjectingProxy injecting(int server, byte[] packet) throws IOException {
        return injecting(server, new byte[0], packet);
    }

    private static InjectingProxy injecting(int server, byte[] before, byte[] packet) throws IOException {
        return new InjectingProxy(BytePump.start(server, (direction, in, out) -> {
            if (direction == BytePump.Direction.TO_CLIENT) {
                out.write(before);
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
