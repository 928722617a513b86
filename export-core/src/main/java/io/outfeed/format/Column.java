package io.outfeed.format;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A column of a file.
 *
 * <p>Immutable.
 *
 * @param name the name of its field, by which the host's code and messages call it
 * @param header its name in the file
 * @param type the declared type; empty if none is declared, and each cell has the type of its value
 * @param required whether each record has a value in it
 * @param sensitive whether it may be sent by protected deliveries only
 */
public record Column(String name, String header, Optional<ColumnType> type, boolean required, boolean sensitive) {

    /**
     * Checks that nothing is missing.
     *
     * @param name the name of its field
     * @param header its name in the file
     * @param type the declared type; empty if none is declared
     * @param required whether each record has a value in it
     * @param sensitive whether it may be sent by protected deliveries only
     */
    public Column {
        requireNonNull(name, "name");
        requireNonNull(header, "header");
        requireNonNull(type, "type");
    }

    /**
     * Makes a column without a declared type, which may be empty and is not sensitive, with its name as the header.
     *
     * @param name its name
     * @return the column
     */
    public static Column of(String name) {
        return new Column(name, name, Optional.empty(), false, false);
    }

    /**
     * Makes a column that may be empty and is not sensitive, with its name as the header.
     *
     * @param name its name
     * @param type the declared type
     * @return the column
     */
    public static Column of(String name, ColumnType type) {
        return new Column(name, name, Optional.of(type), false, false);
    }
}
