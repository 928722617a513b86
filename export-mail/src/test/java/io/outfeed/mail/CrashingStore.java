package io.outfeed.mail;

import io.outfeed.store.ExportStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A store whose process dies at one of its appends. */
final class CrashingStore {

    /** What the engine can't catch: nothing of the process happens any more. */
    static final class Crash extends VirtualMachineError {
        private static final long serialVersionUID = 1L;
    }

    /** Whether the append that is interrupted has arrived. */
    enum When {
        BEFORE,
        AFTER
    }

    private final ExportStore store;
    private final int at;
    private final When when;
    private int appends;
    private boolean dead;

    /** @param at the number of the append, from 1 */
    CrashingStore(ExportStore store, int at, When when) {
        this.store = store;
        this.at = at;
        this.when = when;
    }

    boolean crashed() {
        return dead;
    }

    ExportStore store() {
        return (ExportStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ExportStore.class}, (proxy, method, arguments) -> {
                    boolean crash = method.getName().equals("append") && ++appends == at;
                    dead |= crash;
                    if (dead && !(crash && when == When.AFTER)) {
                        throw new Crash();
                    }
                    try {
                        Object answer = method.invoke(store, arguments);
                        if (crash) {
                            throw new Crash();
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
