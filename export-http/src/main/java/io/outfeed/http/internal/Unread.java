package io.outfeed.http.internal;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * The body of an answer whose status says all. It may never end, so it is not read: its connection is closed.
 *
 * @param <T> what a body would be
 */
public final class Unread<T> implements BodySubscriber<T> {

    private final T nothing;

    public Unread(T nothing) {
        this.nothing = nothing;
    }

    @Override
    public CompletionStage<T> getBody() {
        return CompletableFuture.completedFuture(nothing);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.cancel();
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
        // cancelled
    }

    @Override
    public void onError(Throwable throwable) {
        // the status is known
    }

    @Override
    public void onComplete() {
        // nothing was kept
    }
}
