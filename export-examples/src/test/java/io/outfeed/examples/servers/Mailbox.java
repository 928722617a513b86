package io.outfeed.examples.servers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mail server without TLS that replies as a test says; by default it accepts every login and every message. */
public final class Mailbox implements AutoCloseable {

    /** In place of a reply: closes the connection. */
    public static final String DROP = "(drop)";

    private static final Map<String, String> USUAL = Map.of(
            "EHLO",
            "250-mail.example\r\n250 AUTH PLAIN LOGIN XOAUTH2",
            "AUTH",
            "235 2.7.0 welcome",
            "DATA",
            "354 go ahead",
            "QUIT",
            "221 bye");

    private final ServerSocket listener;
    private final Map<String, String> replies = new ConcurrentHashMap<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> messages = new CopyOnWriteArrayList<>();

    public Mailbox() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "mailbox");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Replies to a command; to {@code CONNECT} with the greeting, to a dot after a whole message. */
    public void on(String command, String reply) {
        replies.put(command, reply);
    }

    /** The messages as they came, a character for each byte. */
    public List<String> messages() {
        return List.copyOf(messages);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread thread = new Thread(() -> serve(socket), "mailbox-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException closed) {
            // the test has ended
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            reply(out, "CONNECT");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String verb = line.split(" ", 2)[0];
                String said = reply(out, verb);
                if (verb.equals("DATA") && said.startsWith("354")) {
                    StringBuilder message = new StringBuilder();
                    for (String text = in.readLine(); text != null && !text.equals("."); text = in.readLine()) {
                        message.append(text).append('\n');
                    }
                    reply(out, ".");
                    messages.add(message.toString());
                }
            }
        } catch (IOException e) {
            // the client has gone, or the reply was to drop it
        }
    }

    private String reply(OutputStream out, String verb) throws IOException {
        String usual = verb.equals("CONNECT") ? "220 mail.example" : USUAL.getOrDefault(verb, "250 ok");
        String said = replies.getOrDefault(verb, usual);
        if (said.equals(DROP)) {
            throw new IOException(DROP);
        }
        out.write((said + "\r\n").getBytes(ISO_8859_1));
        out.flush();
        return said;
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
