package io.outfeed.onecase;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs the tests whose display names contain the text of the parameter {@code outfeed.case}, such as one line of a
 * table, and disables the others. A class in which no test has the text fails. Thread-safe.
 */
public final class OneCase implements ExecutionCondition, AfterAllCallback {

    private static final String PARAMETER = "outfeed.case";

    private final AtomicInteger enabled = new AtomicInteger();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String text = text(context);
        if (context.getTestMethod().isEmpty()) {
            return ConditionEvaluationResult.enabled("a class");
        }
        if (isTable(context)) {
            return ConditionEvaluationResult.enabled("its lines are evaluated one by one");
        }
        if (!context.getDisplayName().contains(text)) {
            return ConditionEvaluationResult.disabled("its name does not contain '" + text + "'");
        }
        enabled.incrementAndGet();
        return ConditionEvaluationResult.enabled("its name contains '" + text + "'");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getEnclosingTestClasses().isEmpty() && enabled.get() == 0) {
            throw new IllegalStateException(
                    "no test of " + context.getDisplayName() + " has '" + text(context) + "' in its name");
        }
    }

    /** A parameterized test as a whole; each of its lines has an id that continues behind this one. */
    private static boolean isTable(ExtensionContext context) {
        return context.getUniqueId().matches(".*\\[test-template:[^]]*]");
    }

    private static String text(ExtensionContext context) {
        return context.getConfigurationParameter(PARAMETER)
                .orElseThrow(() -> new IllegalStateException("the parameter " + PARAMETER + " is missing"));
    }
}
