package io.outfeed.internal.engine;

import io.outfeed.store.ExportStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** A store whose calls are in the recordings of the JDK's flight recorder that ask for them. Thread-safe. */
final class RecordedStore implements InvocationHandler {

    private final ExportStore store;

    private RecordedStore(ExportStore store) {
        this.store = store;
    }

    static ExportStore of(ExportStore store) {
        return (ExportStore) Proxy.newProxyInstance(
                RecordedStore.class.getClassLoader(), new Class<?>[] {ExportStore.class}, new RecordedStore(store));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        StoreFlightEvent event = new StoreFlightEvent();
        event.begin();
        try {
            return method.invoke(store, arguments);
        } catch (InvocationTargetException e) {
            event.failed = true;
            throw e.getCause();
        } finally {
            if (event.shouldCommit()) {
                event.operation = method.getName();
                event.commit();
            }
        }
    }
}
