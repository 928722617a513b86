package io.outfeed.mail.servers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;

/** A mail server that replies as a test scripts it; by default it accepts every message, after STARTTLS and AUTH. */
public final class ScriptedMailServer implements AutoCloseable {

    /** In place of an answer: closes the connection. */
    public static final String DROP = "(drop)";

    /** In place of an answer: replies nothing more, and keeps the connection. */
    public static final String SILENCE = "(silence)";

    /** After an answer to DATA: reads nothing more, and keeps the connection. */
    public static final String STOP_READING = "354 go ahead, not reading";

    /** After an answer to STARTTLS: begins no handshake, and keeps the connection. */
    public static final String NO_HANDSHAKE = "220 go ahead, no handshake";

    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch silent = new CountDownLatch(1);
    private final ServerSocket listener;
    private final Thread acceptor;
    private final TestTls tls;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Map<String, Deque<String>> answers = new LinkedHashMap<>();
    private volatile List<String> plainExtensions = List.of("STARTTLS");
    private volatile List<String> protectedExtensions = List.of("AUTH PLAIN LOGIN");

    /** An accepted message, a character for each byte. */
    public record Received(String recipient, String data) {

        public MimeMessage message() throws MessagingException {
            return new MimeMessage(
                    Session.getInstance(new Properties()), new ByteArrayInputStream(data.getBytes(ISO_8859_1)));
        }
    }

    public ScriptedMailServer() throws IOException {
        this(TestTls.LOCALHOST);
    }

    public ScriptedMailServer(TestTls tls) throws IOException {
        this.tls = tls;
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        acceptor = new Thread(this::accept, "scripted-mail-server");
        acceptor.start();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** As messages name it. */
    public String at() {
        return "127.0.0.1:" + port();
    }

    /** What EHLO answers before TLS. */
    public ScriptedMailServer plainExtensions(String... extensions) {
        plainExtensions = List.of(extensions);
        return this;
    }

    /** What EHLO answers on the protected connection. */
    public ScriptedMailServer protectedExtensions(String... extensions) {
        protectedExtensions = List.of(extensions);
        return this;
    }

    /**
     * Answers commands that begin so: each answer is used once, the last one from then on. The greeting is answered to
     * {@code CONNECT}, a whole message to {@code .}, an empty line to an empty text.
     */
    public ScriptedMailServer on(String command, String... replies) {
        synchronized (answers) {
            answers.put(command, new ArrayDeque<>(List.of(replies)));
        }
        return this;
    }

    /** Waits until a client waits for this server. */
    public void awaitSilence() throws InterruptedException {
        silent.await();
    }

    public List<String> commands() {
        return List.copyOf(commands);
    }

    public List<Received> received() {
        return List.copyOf(received);
    }

    /** The recipients of the accepted messages, in their order. */
    public List<String> recipients() {
        return received.stream().map(Received::recipient).toList();
    }

    private void accept() {
        List<Thread> threads = new ArrayList<>();
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread thread = new Thread(() -> serve(socket), "scripted-mail-connection");
                threads.add(thread);
                thread.start();
            }
        } catch (IOException closed) {
            for (Thread thread : threads) {
                join(thread);
            }
        }
    }

    private void serve(Socket plain) {
        Socket socket = plain;
        try {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String recipient = "";
            answer(socket, "CONNECT", "220 scripted ESMTP");
            while (true) {
                String line = line(in);
                commands.add(line);
                String verb = line.substring(0, Math.min(4, line.length()));
                String reply = answer(socket, line, usual(verb, socket instanceof SSLSocket));
                if (reply.equals(NO_HANDSHAKE)) {
                    silent.countDown();
                    await(end);
                } else if (verb.equals("STAR")) {
                    SSLSocket layered =
                            (SSLSocket) tls.context().getSocketFactory().createSocket(socket, null, true);
                    layered.setUseClientMode(false);
                    socket = layered;
                    in = new BufferedInputStream(socket.getInputStream());
                } else if (verb.equals("RCPT")) {
                    recipient = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
                } else if (reply.equals(STOP_READING)) {
                    silent.countDown();
                    await(end);
                } else if (verb.equals("DATA") && reply.startsWith("354")) {
                    String data = data(in);
                    commands.add(".");
                    received.add(new Received(recipient, data));
                    answer(socket, ".", "250 2.0.0 taken");
                } else if (verb.equals("QUIT")) {
                    return;
                }
            }
        } catch (IOException e) {
            // the client went away, a script dropped it, or the test ended
        } finally {
            closeQuietly(socket);
        }
    }

    private String usual(String verb, boolean isProtected) {
        return switch (verb) {
            case "EHLO" -> ehlo(isProtected ? protectedExtensions : plainExtensions);
            case "STAR" -> "220 go ahead";
            case "AUTH" -> "235 2.7.0 welcome";
            case "DATA" -> "354 go ahead";
            case "QUIT" -> "221 bye";
            default -> "250 ok";
        };
    }

    private static String ehlo(List<String> extensions) {
        StringBuilder text = new StringBuilder("250-scripted");
        extensions.forEach(extension -> text.append("\r\n250-").append(extension));
        return text.append("\r\n250 HELP").toString();
    }

    private String answer(Socket socket, String command, String usual) throws IOException {
        String reply = scripted(command, usual);
        if (reply.equals(SILENCE)) {
            silent.countDown();
            while (socket.getInputStream().read() >= 0) {
                // waits for the client to give up
            }
        }
        if (reply.equals(SILENCE) || reply.equals(DROP)) {
            throw new IOException(reply);
        }
        socket.getOutputStream().write((reply + "\r\n").getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
        return reply;
    }

    private String scripted(String command, String usual) {
        synchronized (answers) {
            for (Map.Entry<String, Deque<String>> entry : answers.entrySet()) {
                String begin = entry.getKey();
                if (begin.isEmpty() ? command.isEmpty() : command.startsWith(begin)) {
                    Deque<String> replies = entry.getValue();
                    return replies.size() > 1 ? replies.remove() : replies.element();
                }
            }
            return usual;
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("end");
            }
            line.write(b);
        }
        String text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static String data(InputStream in) throws IOException {
        StringBuilder data = new StringBuilder();
        for (String line = line(in); !line.equals("."); line = line(in)) {
            data.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
        return data.toString();
    }

    /** Ends all connections and waits for them: what was received is then complete. */
    @Override
    public void close() throws IOException {
        end.countDown();
        listener.close();
        sockets.forEach(ScriptedMailServer::closeQuietly);
        join(acceptor);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
