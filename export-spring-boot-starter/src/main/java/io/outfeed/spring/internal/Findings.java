package io.outfeed.spring.internal;

import io.outfeed.error.ExportException;
import io.outfeed.error.InvalidDefinitionException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a configuration, to report it all at once. Not thread-safe. */
final class Findings {

    private final List<String> problems = new ArrayList<>();

    void add(String path, String problem) {
        problems.add(path + ": " + problem);
    }

    /** Adds what a builder has found, under the path of what it was building. */
    void add(String path, InvalidDefinitionException found) {
        found.problems().forEach(problem -> add(path, problem));
    }

    /** Returns a required value; null, and a problem, if it is missing. */
    <T> @Nullable T required(String path, @Nullable T value) {
        if (value == null) {
            add(path, "is missing");
        }
        return value;
    }

    /** Makes a part of the configuration; null, and problems, if it can't be made. */
    <T> @Nullable T make(String path, Callable<? extends T> part) {
        try {
            return part.call();
        } catch (InvalidDefinitionException e) {
            add(path, e);
        } catch (ExportException | DateTimeException | IllegalArgumentException | IllegalStateException e) {
            add(path, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(path, e);
        }
        return null;
    }

    /**
     * Ends the start of the application if anything is wrong.
     *
     * @throws InvalidDefinitionException with all problems
     */
    void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new InvalidDefinitionException("the configuration", problems);
        }
    }
}
