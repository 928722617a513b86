package io.outfeed.http.internal.upload;

import io.outfeed.http.internal.Unread;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file that the receiver has, buffer by buffer, in threads of the client. The body of an answer without success
 * is not read.
 */
final class ReadBack implements BodyHandler<String>, TransferProgress {

    /** Takes the bytes in order. */
    interface Sink {

        /**
         * Takes the next bytes.
         *
         * @return whether more are wanted
         */
        boolean take(ByteBuffer bytes) throws IOException;
    }

    private static final int OK = 200;

    private final Sink sink;
    private final AtomicLong read = new AtomicLong();

    ReadBack(Sink sink) {
        this.sink = sink;
    }

    @Override
    public BodySubscriber<String> apply(ResponseInfo info) {
        return info.statusCode() == OK ? new Subscriber() : new Unread<>("");
    }

    @Override
    public long transferred() {
        return read.get();
    }

    private final class Subscriber implements BodySubscriber<String> {

        private final CompletableFuture<String> end = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;

        @Override
        public CompletionStage<String> getBody() {
            return end;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscribed) {
            subscription = subscribed;
            subscribed.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            if (end.isDone() || subscription == null) {
                return;
            }
            try {
                for (ByteBuffer buffer : buffers) {
                    long unused = read.addAndGet(buffer.remaining());
                    if (!sink.take(buffer)) {
                        subscription.cancel();
                        end.complete("");
                        return;
                    }
                }
                subscription.request(1);
            } catch (IOException | RuntimeException e) {
                subscription.cancel();
                end.completeExceptionally(e);
            }
        }

        @Override
        public void onError(Throwable thrown) {
            end.completeExceptionally(thrown);
        }

        @Override
        public void onComplete() {
            end.complete("");
        }
    }
}
