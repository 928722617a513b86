package io.outfeed.support;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.error.DeliveryException;
import io.outfeed.store.ExportStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Numbers every step of an engine that has an effect outside of it, and lets one of them go wrong: a crash before or
 * after the effect, or an answer that gets lost.
 */
public final class FaultPlan {

    public enum Fault {
        CRASH_BEFORE,
        CRASH_AFTER,
        REFUSED,
        ANSWER_LOST
    }

    /** The process is gone: nothing in it happens any more. */
    public static final class Crash extends VirtualMachineError {
        private static final long serialVersionUID = 1L;

        Crash(String step) {
            super(step);
        }
    }

    private static final Set<String> STORE_STEPS =
            Set.of("tryLock", "newRunNumber", "append", "commit", "replaceFirePlan");
    private static final Set<String> DELIVERY_STEPS = Set.of("open", "prepare", "publish", "discard");

    private final Fault fault;
    private final int at;
    private final List<String> steps = new ArrayList<>();
    private boolean happened;
    private boolean dead;

    public FaultPlan(Fault fault, int at) {
        this.fault = fault;
        this.at = at;
    }

    public static FaultPlan none() {
        return new FaultPlan(Fault.REFUSED, Integer.MAX_VALUE);
    }

    public boolean happened() {
        return happened;
    }

    public List<String> steps() {
        return steps;
    }

    public ExportStore wrap(ExportStore store) {
        return proxy(
                ExportStore.class,
                (proxy, method, arguments) -> isCrash() && STORE_STEPS.contains(method.getName())
                        ? step("store." + method.getName(), "", () -> method.invoke(store, arguments))
                        : alive(() -> method.invoke(store, arguments)));
    }

    public Delivery wrap(Delivery delivery) {
        return proxy(Delivery.class, (proxy, method, arguments) -> {
            if (!method.getName().equals("open")) {
                return alive(() -> method.invoke(delivery, arguments));
            }
            Object session = step(delivery.id() + ".open", delivery.id(), () -> method.invoke(delivery, arguments));
            return wrap((DeliverySession) session, delivery.id());
        });
    }

    private DeliverySession wrap(DeliverySession session, String id) {
        return proxy(
                DeliverySession.class,
                (proxy, method, arguments) -> DELIVERY_STEPS.contains(method.getName())
                        ? step(id + "." + method.getName(), id, () -> method.invoke(session, arguments))
                        : alive(() -> method.invoke(session, arguments)));
    }

    private boolean isCrash() {
        return fault == Fault.CRASH_BEFORE || fault == Fault.CRASH_AFTER;
    }

    private interface Effect {
        Object happen() throws Throwable;
    }

    private Object alive(Effect effect) throws Throwable {
        if (dead) {
            throw new Crash("after the crash");
        }
        try {
            return effect.happen();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Object step(String name, String delivery, Effect effect) throws Throwable {
        if (dead) {
            throw new Crash("after the crash");
        }
        steps.add(name);
        if (steps.size() - 1 != at) {
            return alive(effect);
        }
        happened = true;
        switch (fault) {
            case CRASH_BEFORE -> {
                dead = true;
                throw new Crash(name);
            }
            case CRASH_AFTER -> {
                Object ignored = alive(effect);
                dead = true;
                throw new Crash(name + " " + ignored);
            }
            case REFUSED -> throw DeliveryException.retryable(delivery, name + " is refused", null);
            case ANSWER_LOST -> {
                Object ignored = alive(effect);
                throw DeliveryException.retryable(delivery, "the answer of " + name + " got lost: " + ignored, null);
            }
        }
        throw new AssertionError(fault);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
