package io.outfeed.http.internal.upload;

import io.outfeed.http.internal.Unread;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests of a session, each once, and waits for the answers. Follows no redirect. A request ends when its
 * thread is interrupted, when nothing moves for the answer's timeout, and when it takes too long. Used by one thread.
 *
 * <p>The JDK's client ends by itself some seconds after a collection of garbage has found that it is no longer in use:
 * it can't be closed before Java 21, and from then on only by waiting for the server.
 */
final class HttpCalls {

    /** A client that is no longer in use may still close its connections. */
    private static final long SECONDS_OF_IDLE_THREADS = 1;

    private static final BodyPublisher EMPTY = BodyPublishers.ofByteArray(new byte[0]);

    private final UploadSettings settings;
    private final UploadFailures failures;
    private final HttpClient client;

    HttpCalls(UploadSettings settings, UploadFailures failures) {
        this.settings = settings;
        this.failures = failures;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout())
                .executor(threads());
        this.client = settings.sslContext() == null
                ? builder.build()
                : builder.sslContext(settings.sslContext()).build();
    }

    private static Executor threads() {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, SECONDS_OF_IDLE_THREADS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "outfeed-http");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Sends a request without a body, of whose answer only the head is wanted.
     *
     * @param doing what failed if it does
     * @param at the job and the run, or the delivery, in parentheses
     */
    HttpResponse<String> send(String method, URI address, Map<String, String> headers, String doing, String at) {
        BodyHandler<String> handler = method.equals("HEAD") ? BodyHandlers.replacing("") : unread();
        return call(method, address, headers, EMPTY, handler, TransferProgress.NONE, doing, at);
    }

    /** Sends a file, and closes it. */
    HttpResponse<String> send(
            String method, URI address, Map<String, String> headers, UploadBody body, String doing, String at)
            throws IOException {
        try (body) {
            return call(method, address, headers, body.publisher(), unread(), body, doing, at);
        }
    }

    private static BodyHandler<String> unread() {
        return info -> new Unread<>("");
    }

    /** Reads what is there. */
    HttpResponse<String> read(URI address, ReadBack target, String doing, String at) {
        return call("GET", address, Map.of(), EMPTY, target, target, doing, at);
    }

    private HttpResponse<String> call(
            String method,
            URI address,
            Map<String, String> headers,
            BodyPublisher body,
            BodyHandler<String> handler,
            TransferProgress progress,
            String doing,
            String at) {
        if (Thread.currentThread().isInterrupted()) {
            throw failures.interrupted(doing, at);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(address).method(method, body);
        request.setHeader("User-Agent", "Outfeed");
        settings.headers().forEach(request::setHeader);
        headers.forEach(request::setHeader);
        for (SecretHeader header : settings.secretHeaders()) {
            request.setHeader(header.name(), current(header, doing, at));
        }
        return await(client.sendAsync(request.build(), handler), progress, doing, at);
    }

    private String current(SecretHeader header, String doing, String at) {
        try {
            return header.current();
        } catch (Throwable e) { // its message may have the secret
            throw failures.noSecret(doing, header, e, at);
        }
    }

    private HttpResponse<String> await(
            CompletableFuture<HttpResponse<String>> answer, TransferProgress progress, String doing, String at) {
        long start = System.nanoTime();
        long moved = start;
        long seen = progress.transferred();
        try {
            while (true) {
                long now = System.nanoTime();
                long silence = settings.answerTimeout().toNanos() - (now - moved);
                long rest = settings.requestTimeout().toNanos() - (now - start);
                if (silence <= 0 || rest <= 0) {
                    Duration limit = rest <= 0 ? settings.requestTimeout() : settings.answerTimeout();
                    throw failures.silent(doing, limit, at);
                }
                @Nullable HttpResponse<String> answered = poll(answer, Math.min(silence, rest));
                if (answered != null) {
                    return answered;
                }
                long transferred = progress.transferred();
                if (transferred != seen) {
                    seen = transferred;
                    moved = System.nanoTime();
                }
            }
        } catch (ExecutionException e) {
            throw failures.unanswered(doing, e.getCause() == null ? e : e.getCause(), at);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.interrupted(doing, at);
        } finally {
            answer.cancel(true); // closes the connection of a request that is still under way
        }
    }

    private static @Nullable HttpResponse<String> poll(CompletableFuture<HttpResponse<String>> answer, long nanos)
            throws ExecutionException, InterruptedException {
        try {
            return answer.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        }
    }
}
