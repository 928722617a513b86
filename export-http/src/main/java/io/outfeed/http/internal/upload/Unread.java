package io.outfeed.http.internal.upload;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer of which only the head is wanted. A short one is read to its end, so that the connection can be
 * used again; one that does not end is cut.
 */
final class Unread implements BodySubscriber<Void> {

    private static final int LONGEST = 1 << 16;

    private Flow.@Nullable Subscription subscription;
    private int read;

    @Override
    public CompletionStage<Void> getBody() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscribed) {
        subscription = subscribed;
        subscribed.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            read += buffer.remaining();
        }
        if (subscription == null) {
            return;
        }
        if (read > LONGEST) {
            subscription.cancel();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onError(Throwable thrown) {
        // the status is known, which is all that was asked for
    }

    @Override
    public void onComplete() {
        // nothing was kept
    }
}
