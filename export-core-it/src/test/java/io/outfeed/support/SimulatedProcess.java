package io.outfeed.support;

import io.outfeed.store.ExportStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A process in which nothing happens any more once it has crashed. */
public final class SimulatedProcess {

    private boolean dead;

    /** The process is gone: nothing in it happens any more. */
    public static final class Crash extends VirtualMachineError {
        private static final long serialVersionUID = 1L;

        private Crash(String step) {
            super(step);
        }
    }

    /** A step with an effect outside of the process. */
    interface Effect {
        Object happen() throws Throwable;
    }

    /** Returns a store that the process uses. */
    ExportStore wrap(ExportStore store) {
        return proxy(ExportStore.class, (proxy, method, arguments) -> alive(() -> method.invoke(store, arguments)));
    }

    Object alive(Effect effect) throws Throwable {
        checkAlive();
        try {
            return effect.happen();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    void checkAlive() {
        if (dead) {
            throw new Crash("after the crash");
        }
    }

    /** Ends the process. Returns what its thread must throw. */
    Crash crash(String step) {
        dead = true;
        return new Crash(step);
    }

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
