package io.outfeed.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A receiver of files on the loopback interface, which breaks off, stays silent or refuses as a test says. It keeps
 * what is put by path, and what is posted in order. Thread-safe.
 */
final class FileServer implements AutoCloseable {

    /** What is done to a request instead of serving it. */
    interface Fault {

        void apply(HttpExchange exchange, FileServer server) throws IOException;
    }

    /** A request as it came. */
    static final class Request {

        private final String method;
        private final String path;
        private final Headers headers;
        private final byte[] body;

        private Request(HttpExchange exchange, byte[] body) {
            this.method = exchange.getRequestMethod();
            this.path = exchange.getRequestURI().toString();
            this.headers = exchange.getRequestHeaders();
            this.body = body;
        }

        String path() {
            return path;
        }

        Headers headers() {
            return headers;
        }

        byte[] body() {
            return body;
        }

        /** The value of a header; an empty text if it is missing. */
        String header(String name) {
            return Optional.ofNullable(headers.getFirst(name)).orElse("");
        }
    }

    private record Rule(String method, Fault fault) {}

    private static final byte[] BODY = "a sentence of the server".getBytes(UTF_8);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<String> connections = new CopyOnWriteArrayList<>();
    private final Queue<Rule> rules = new ConcurrentLinkedQueue<>();
    private final CountDownLatch silent = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    FileServer() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    FileServer(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    // ---- faults

    /** Does it to the next request of a method for which nothing else is to be done before. */
    FileServer next(String method, Fault fault) {
        rules.add(new Rule(method, fault));
        return this;
    }

    /** The request is carried out, and its answer gets lost. */
    static Fault losingTheAnswer() {
        return (exchange, server) -> {
            server.store(exchange, exchange.getRequestBody().readAllBytes());
            throw new IOException("breaks off");
        };
    }

    /** The request is carried out, and answered as a second one is: something between has sent it twice. */
    static Fault answeringTheSecondTime() {
        return (exchange, server) -> {
            server.store(exchange, exchange.getRequestBody().readAllBytes());
            answer(exchange, 412, BODY);
        };
    }

    /** The request is answered before its body is read. */
    static Fault answeringEarly(int status) {
        return (exchange, server) -> answer(exchange, status, BODY);
    }

    /** The connection breaks in the middle of the file, of which the first bytes are stored. */
    static Fault storing(int bytes) {
        return (exchange, server) -> {
            server.store(exchange, exchange.getRequestBody().readNBytes(bytes));
            throw new IOException("breaks off");
        };
    }

    static Fault breakingOff() {
        return (exchange, server) -> {
            throw new IOException("breaks off");
        };
    }

    static Fault answering(int status) {
        return (exchange, server) -> {
            server.record(exchange, exchange.getRequestBody().readAllBytes());
            answer(exchange, status, BODY);
        };
    }

    /** The request is carried out, and the body of its answer begins only. */
    static Fault answeringWithoutEnd(int status) {
        return (exchange, server) -> {
            server.store(exchange, exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(status, 1_000);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            server.awaitEnd();
        };
    }

    private void awaitEnd() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static Fault stayingSilent() {
        return (exchange, server) -> {
            server.silent.countDown();
            server.awaitEnd();
            throw new IOException("the test is over");
        };
    }

    /** Waits until a request is not answered. */
    void awaitSilence() throws InterruptedException {
        silent.await();
    }

    // ---- serving

    private void handle(HttpExchange exchange) throws IOException {
        connections.add(
                exchange.getRequestMethod() + " " + exchange.getRemoteAddress().getPort());
        @Nullable
        Rule rule = rules.stream()
                .filter(candidate -> candidate.method().equals(exchange.getRequestMethod()))
                .findFirst()
                .orElse(null);
        if (rule != null && rules.remove(rule)) {
            rule.fault().apply(exchange, this);
            return;
        }
        serve(exchange);
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte @Nullable [] there = files.get(path);
        switch (exchange.getRequestMethod()) {
            case "PUT", "POST" -> {
                store(exchange, exchange.getRequestBody().readAllBytes());
                answer(exchange, 201, BODY);
            }
            case "GET" -> answer(exchange, there == null ? 404 : 200, there == null ? BODY : there);
            case "HEAD" -> {
                if (there != null) {
                    exchange.getResponseHeaders().set("Content-Length", Integer.toString(there.length));
                }
                exchange.sendResponseHeaders(there == null ? 404 : 200, -1);
                exchange.close();
            }
            case "DELETE" -> answer(exchange, files.remove(path) == null ? 404 : 200, BODY);
            default -> answer(exchange, 405, BODY);
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean empty =
                status == 204 || status == 304 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, empty || body.length == 0 ? -1 : body.length);
        if (!empty && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private void store(HttpExchange exchange, byte[] body) {
        record(exchange, body);
        if (exchange.getRequestMethod().equals("PUT")) {
            files.put(exchange.getRequestURI().getPath(), body);
        }
    }

    private void record(HttpExchange exchange, byte[] body) {
        requests.add(new Request(exchange, body));
    }

    // ---- what has arrived

    String at() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    URI folder() {
        return URI.create("http://" + at() + "/exports/");
    }

    URI imports() {
        return URI.create("http://" + at() + "/imports?source=vendor-s3cret");
    }

    void put(String path, byte[] content) {
        files.put("/exports/" + path, content);
    }

    Optional<byte[]> read(String path) {
        return Optional.ofNullable(files.get("/exports/" + path));
    }

    /** The ports of the client, one for each request of a method: requests of one connection have the same. */
    List<String> connections(String method) {
        return connections.stream()
                .filter(connection -> connection.startsWith(method + " "))
                .map(connection -> connection.substring(method.length() + 1))
                .toList();
    }

    /** The requests with a body of a method, as they came, those that were cut among them. */
    List<Request> requests(String method) {
        return requests.stream()
                .filter(request -> request.method.equals(method))
                .toList();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
