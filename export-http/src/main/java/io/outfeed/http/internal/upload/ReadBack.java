package io.outfeed.http.internal.upload;

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
final class ReadBack implements BodyHandler<Void>, TransferProgress {

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
    public BodySubscriber<Void> apply(ResponseInfo info) {
        return info.statusCode() == OK ? new Subscriber() : new Unread();
    }

    @Override
    public long transferred() {
        return read.get();
    }

    private final class Subscriber implements BodySubscriber<Void> {

        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;

        @Override
        public CompletionStage<Void> getBody() {
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
                        end.complete(null);
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
            end.complete(null);
        }
    }
}
