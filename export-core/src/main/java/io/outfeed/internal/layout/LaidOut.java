package io.outfeed.internal.layout;

import io.outfeed.field.Fields;
import io.outfeed.file.FileSpec;
import java.util.function.Predicate;

/**
 * The parts of a definition as a layout has chosen them.
 *
 * @param fields the columns
 * @param filter which of the definition's records are exported
 * @param file the file
 */
public record LaidOut<T>(Fields<T> fields, Predicate<T> filter, FileSpec file) {}
