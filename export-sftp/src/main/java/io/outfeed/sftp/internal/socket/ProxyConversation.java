package io.outfeed.sftp.internal.socket;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The bytes exchanged with a proxy, within one time limit. Reads no byte too many: what follows is from the server. */
final class ProxyConversation {

    private static final int LONGEST_ANSWER = 16_384;

    private final Socket socket;
    private final long deadline;
    private int left = LONGEST_ANSWER;

    ProxyConversation(Socket socket, Duration limit) {
        this.socket = socket;
        this.deadline = System.nanoTime() + limit.toNanos();
    }

    void write(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    int read() throws IOException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis <= 0) {
            throw new SocketTimeoutException("the limit has passed");
        }
        if (left-- == 0) {
            throw new IOException("the answer is too long");
        }
        socket.setSoTimeout((int) millis);
        int read = socket.getInputStream().read();
        if (read < 0) {
            throw new EOFException("the proxy has closed the connection");
        }
        return read;
    }

    void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            read();
        }
    }

    String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int read = read(); read != '\n'; read = read()) {
            line.append((char) read);
        }
        int last = line.length() - 1;
        if (last >= 0 && line.charAt(last) == '\r') {
            line.setLength(last);
        }
        return line.toString();
    }
}
