package io.outfeed.spring.internal;

import io.outfeed.error.ExportException;
import io.outfeed.error.InvalidDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says why an application could not start, line by line and without a stack trace. */
final class ExportFailureAnalyzer extends AbstractFailureAnalyzer<ExportException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ExportException cause) {
        if (cause instanceof InvalidDefinitionException invalid) {
            return new FailureAnalysis(
                    "The exports can't be set up:\n\n  - " + String.join("\n  - ", invalid.problems()),
                    "Correct what is listed. Properties begin with outfeed; all others are options of definitions,"
                            + " jobs or the engine in the code.",
                    cause);
        }
        return new FailureAnalysis(
                "The exports can't be set up:\n\n  - " + cause.getMessage(),
                "Look up " + cause.code() + " in the guide of errors.",
                cause);
    }
}
