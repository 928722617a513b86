package io.outfeed.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * Stands between a delivery and the server, and does to requests what a test wants: answers them itself, lets their
 * answers get lost, or stays silent. One request a connection. Thread-safe.
 */
final class Gateway implements AutoCloseable {

    private final int server;
    private final ServerSocket listener;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final CountDownLatch silent = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * A request as it was received.
     *
     * @param head the request line and the headers
     */
    record Request(List<String> head) {

        /** Such as {@code PUT /bucket/key?partNumber=1}. */
        String line() {
            return head.get(0).substring(0, head.get(0).lastIndexOf(' '));
        }

        boolean is(String method, String part) {
            return line().startsWith(method + " ") && line().contains(part);
        }

        /** The value of a header, or an empty text. */
        String header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return head.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    /** What is done with a request. */
    private interface Action {
        void apply(Request request, InputStream body, Socket client) throws Exception;
    }

    private static final class Rule {

        private final Predicate<Request> condition;
        private final Action action;
        private int times;

        Rule(Predicate<Request> condition, int times, Action action) {
            this.condition = condition;
            this.times = times;
            this.action = action;
        }

        synchronized boolean takes(Request request) {
            return condition.test(request) && times-- > 0;
        }
    }

    private Gateway(int server, ServerSocketFactory sockets) throws IOException {
        this.server = server;
        this.listener = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        inBackground(this::acceptAll);
    }

    static Gateway to(ObjectServer server) throws IOException {
        return new Gateway(server.port(), ServerSocketFactory.getDefault());
    }

    /** Clients speak TLS with it. */
    static Gateway encrypted(ObjectServer server, SSLContext keys) throws IOException {
        return new Gateway(server.port(), keys.getServerSocketFactory());
    }

    URI endpoint() {
        String scheme = listener instanceof SSLServerSocket ? "https" : "http";
        return URI.create(scheme + "://127.0.0.1:" + listener.getLocalPort());
    }

    /** What a test does to the next request of a kind. */
    On on(String method, String part) {
        return new On(request -> request.is(method, part));
    }

    /** What a test does to the next requests that meet a condition. */
    final class On {

        private final Predicate<Request> condition;
        private int times = 1;

        private On(Predicate<Request> condition) {
            this.condition = condition;
        }

        On always() {
            times = Integer.MAX_VALUE;
            return this;
        }

        /** The server gets it, and its answer gets lost. */
        void loseAnswer() {
            add((request, body, client) -> {
                byte[] unused = forward(request, body);
            });
        }

        /** The server does not get it, and the connection ends. */
        void cut() {
            add((request, body, client) -> {});
        }

        /** Nothing is answered until the gateway is closed. */
        void staySilent() {
            add((request, body, client) -> {
                silent.countDown();
                closed.await();
            });
        }

        /** The server does not get it, and of an object nothing is answered but the first byte. */
        void answerFirstByte() {
            add((request, body, client) -> {
                client.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 1000\r\n\r\nx".getBytes(ISO_8859_1));
                silent.countDown();
                closed.await();
            });
        }

        /** The server gets it, and nothing is answered until the gateway is closed. */
        void staySilentAfterwards() {
            add((request, body, client) -> {
                byte[] unused = forward(request, body);
                silent.countDown();
                closed.await();
            });
        }

        /** The server does not get it. */
        void answer(int status, String code, String... headers) {
            String xml = code.isEmpty()
                    ? ""
                    : "<?xml version=\"1.0\"?><Error><Code>" + code
                            + "</Code><Message>a sentence of the server</Message></Error>";
            add((request, body, client) -> {
                body.transferTo(OutputStream.nullOutputStream());
                String head = Stream.concat(
                                Stream.of(
                                        "HTTP/1.1 " + status + " Answer",
                                        "x-amz-request-id: R1",
                                        "Content-Type: application/xml",
                                        "Connection: close",
                                        "Content-Length: " + xml.length()),
                                Stream.of(headers))
                        .reduce("", (all, line) -> all + line + "\r\n");
                boolean hasBody = !request.line().startsWith("HEAD ");
                client.getOutputStream().write((head + "\r\n" + (hasBody ? xml : "")).getBytes(UTF_8));
            });
        }

        /** The server gets it twice, and the second answer is passed on. */
        void sendTwice() {
            add((request, body, client) -> {
                byte[] content = body.readAllBytes();
                byte[] unused = forward(request, new ByteArrayInputStream(content));
                client.getOutputStream().write(forward(request, new ByteArrayInputStream(content)));
            });
        }

        /** Something happens before the server gets it. */
        void first(Runnable before) {
            add((request, body, client) -> {
                before.run();
                client.getOutputStream().write(forward(request, body));
            });
        }

        private void add(Action action) {
            rules.add(new Rule(condition, times, action));
        }
    }

    /** The lines of the requests so far that have a part. */
    List<String> lines(String part) {
        return requests.stream()
                .map(Request::line)
                .filter(line -> line.contains(part))
                .toList();
    }

    Request last(String method, String part) {
        List<Request> found =
                requests.stream().filter(request -> request.is(method, part)).toList();
        return found.get(found.size() - 1);
    }

    /** Waits until a request is met by silence. */
    void awaitSilence() throws InterruptedException {
        silent.await();
    }

    private void acceptAll() throws IOException {
        while (!listener.isClosed()) {
            Socket client = listener.accept();
            sockets.add(client);
            inBackground(() -> serve(client));
        }
    }

    private void serve(Socket client) throws Exception {
        try (client) {
            InputStream in = client.getInputStream();
            Request request = new Request(head(in));
            if (request.head().isEmpty()) {
                return;
            }
            requests.add(request);
            if (!request.header("Expect").isEmpty()) {
                client.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
            }
            String length = request.header("Content-Length");
            InputStream body = new Limited(in, length.isEmpty() ? 0 : Long.parseLong(length));
            for (Rule rule : rules) {
                if (rule.takes(request)) {
                    rule.action.apply(request, body, client);
                    return;
                }
            }
            client.getOutputStream().write(forward(request, body));
        }
    }

    private static List<String> head(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                String text = line.toString(ISO_8859_1).strip();
                if (text.isEmpty()) {
                    return lines;
                }
                lines.add(text);
                line.reset();
            } else {
                line.write(next);
            }
        }
        return List.of();
    }

    /** Returns the whole answer of the server. */
    private byte[] forward(Request request, InputStream body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server)) {
            OutputStream out = socket.getOutputStream();
            StringBuilder head = new StringBuilder();
            request.head().stream()
                    .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith("connection:"))
                    .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith("expect:"))
                    .forEach(line -> head.append(line).append("\r\n"));
            out.write(head.append("Connection: close\r\n\r\n").toString().getBytes(ISO_8859_1));
            body.transferTo(out);
            out.flush();
            return socket.getInputStream().readAllBytes();
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private interface Task {
        void run() throws Exception;
    }

    private static void inBackground(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (Exception e) {
                        // the connection was cut by either side, or the test has ended
                    }
                },
                "gateway");
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends after a number of bytes. */
    private static final class Limited extends InputStream {

        private final InputStream in;
        private long left;

        Limited(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            return left-- > 0 ? in.read() : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int count = in.read(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(count, 0);
            return count;
        }
    }
}
