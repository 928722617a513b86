package io.outfeed.support;

import static io.outfeed.support.SimulatedProcess.proxy;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.error.DeliveryException;
import io.outfeed.spool.Spool;
import io.outfeed.store.ExportStore;
import io.outfeed.support.SimulatedProcess.Effect;
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

    private static final Set<String> STORE_STEPS =
            Set.of("tryLock", "newRunNumber", "append", "commit", "replaceFirePlan", "replaceJobState", "claim");
    private static final Set<String> SPOOL_STEPS = Set.of("save", "open", "delete");
    private static final Set<String> DELIVERY_STEPS = Set.of("open", "prepare", "publish", "discard");

    private final Fault fault;
    private final int at;
    private final List<String> steps = new ArrayList<>();
    private final SimulatedProcess process = new SimulatedProcess();
    private boolean happened;

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
                        : process.alive(() -> method.invoke(store, arguments)));
    }

    public Spool wrap(Spool spool) {
        return proxy(
                Spool.class,
                (proxy, method, arguments) -> isCrash() && SPOOL_STEPS.contains(method.getName())
                        ? step("spool." + method.getName(), "", () -> method.invoke(spool, arguments))
                        : process.alive(() -> method.invoke(spool, arguments)));
    }

    public Delivery wrap(Delivery delivery) {
        return proxy(Delivery.class, (proxy, method, arguments) -> {
            if (!method.getName().equals("open")) {
                return process.alive(() -> method.invoke(delivery, arguments));
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
                        : process.alive(() -> method.invoke(session, arguments)));
    }

    private boolean isCrash() {
        return fault == Fault.CRASH_BEFORE || fault == Fault.CRASH_AFTER;
    }

    private Object step(String name, String delivery, Effect effect) throws Throwable {
        process.checkAlive();
        steps.add(name);
        if (steps.size() - 1 != at) {
            return process.alive(effect);
        }
        happened = true;
        switch (fault) {
            case CRASH_BEFORE -> throw process.crash(name);
            case CRASH_AFTER -> {
                Object ignored = process.alive(effect);
                throw process.crash(name + " " + ignored);
            }
            case REFUSED -> throw DeliveryException.retryable(delivery, name + " is refused", null);
            case ANSWER_LOST -> {
                Object ignored = process.alive(effect);
                throw DeliveryException.retryable(delivery, "the answer of " + name + " got lost: " + ignored, null);
            }
        }
        throw new AssertionError(fault);
    }
}
