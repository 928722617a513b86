package io.outfeed.http.internal.webhook;

import io.outfeed.error.DeliveryException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Sends a request, once. Follows no redirect, and reads no body of an answer. Immutable. */
public final class WebhookClient {

    private final WebhookTarget target;
    private final Duration connectTimeout;
    private final Duration timeout;
    private final @Nullable SSLContext sslContext;

    /**
     * Makes a client.
     *
     * @param timeout for all, from connecting to the answer
     * @param sslContext the trusted authorities; null for those of the JDK
     */
    public WebhookClient(
            WebhookTarget target, Duration connectTimeout, Duration timeout, @Nullable SSLContext sslContext) {
        this.target = target;
        this.connectTimeout = connectTimeout;
        this.timeout = timeout;
        this.sslContext = sslContext;
    }

    /**
     * Posts a body.
     *
     * @param headers names and values in turn
     * @param failures makes the exceptions
     * @throws DeliveryException unless the server answers that it has accepted it
     */
    public void post(byte[] body, List<String> headers, WebhookFailures failures) {
        if (Thread.currentThread().isInterrupted()) {
            throw failures.interrupted("before anything was sent");
        }
        HttpRequest request = HttpRequest.newBuilder(target.uri())
                .headers(headers.toArray(String[]::new))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        CompletableFuture<HttpResponse<Object>> answer = client().sendAsync(request, info -> new Unread());
        try {
            failures.check(answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode());
        } catch (TimeoutException e) {
            throw failures.noAnswer("did not answer within " + timeout, null);
        } catch (ExecutionException e) {
            throw failures.broken(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.interrupted("while it waited for the answer");
        } finally {
            answer.cancel(true); // closes the connection of a request that is still under way
        }
    }

    /** One for each request: a client has a thread, which ends some seconds after the client is no longer in use. */
    private HttpClient client() {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout);
        return sslContext == null
                ? builder.build()
                : builder.sslContext(sslContext).build();
    }

    /** The status says all, and a body may never end. */
    private static final class Unread implements BodySubscriber<Object> {

        @Override
        public CompletionStage<Object> getBody() {
            return CompletableFuture.completedFuture("");
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.cancel();
        }

        @Override
        public void onNext(List<ByteBuffer> item) {}

        @Override
        public void onError(Throwable throwable) {}

        @Override
        public void onComplete() {}
    }
}
