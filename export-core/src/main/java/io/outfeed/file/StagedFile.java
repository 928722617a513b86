package io.outfeed.file;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A finished file of a run, whose bytes are delivered and never changed.
 *
 * <p>Immutable.
 *
 * @param role what it is for
 * @param definition the name of the export definition; an empty text if the file belongs to the whole run
 * @param folder the folder below the destination's directory, or an empty text
 * @param name the file's name
 * @param rows the number of records, the headers not counted; zero unless it is a data file or an archive
 * @param bytes the size in bytes, as it is delivered
 * @param sha256 the SHA-256 of the bytes, in 64 small hexadecimal digits
 * @param sums the sums of the fields that the definition adds up, by their names
 * @param plain the bytes before the transforms of the file; empty if it has none
 */
public record StagedFile(
        FileRole role,
        String definition,
        String folder,
        String name,
        long rows,
        long bytes,
        String sha256,
        Map<String, BigDecimal> sums,
        Optional<PlainBytes> plain) {

    /**
     * Checks that nothing is missing.
     *
     * @param role what it is for
     * @param definition the name of the export definition; an empty text if the file belongs to the whole run
     * @param folder the folder below the destination's directory, or an empty text
     * @param name the file's name
     * @param rows the number of records, the headers not counted; zero unless it is a data file or an archive
     * @param bytes the size in bytes
     * @param sha256 the SHA-256 of the bytes, in 64 small hexadecimal digits
     * @param sums the sums of the fields that the definition adds up, by their names
     * @param plain the bytes before the transforms of the file; empty if it has none
     */
    public StagedFile {
        requireNonNull(role, "role");
        requireNonNull(definition, "definition");
        requireNonNull(folder, "folder");
        requireNonNull(name, "name");
        requireNonNull(sha256, "sha256");
        sums = Collections.unmodifiableMap(new LinkedHashMap<>(sums));
        requireNonNull(plain, "plain");
    }

    /**
     * Makes a file without sums and transforms.
     *
     * @param role what it is for
     * @param definition the name of the export definition; an empty text if the file belongs to the whole run
     * @param folder the folder below the destination's directory, or an empty text
     * @param name the file's name
     * @param rows the number of records, the headers not counted; zero unless it is a data file or an archive
     * @param bytes the size in bytes
     * @param sha256 the SHA-256 of the bytes, in 64 small hexadecimal digits
     */
    public StagedFile(
            FileRole role, String definition, String folder, String name, long rows, long bytes, String sha256) {
        this(role, definition, folder, name, rows, bytes, sha256, Map.of(), Optional.empty());
    }

    /**
     * Makes a data file without sums and transforms.
     *
     * @param definition the name of the export definition
     * @param folder the folder below the destination's directory, or an empty text
     * @param name the file's name
     * @param rows the number of records, the header not counted
     * @param bytes the size in bytes
     * @param sha256 the SHA-256 of the bytes, in 64 small hexadecimal digits
     */
    public StagedFile(String definition, String folder, String name, long rows, long bytes, String sha256) {
        this(FileRole.DATA, definition, folder, name, rows, bytes, sha256);
    }

    /**
     * Returns the path below the destination's directory: the folder, if there is one, and the name.
     *
     * @return the path, with {@code /} between the two; unique in a run
     */
    public String path() {
        return folder.isEmpty() ? name : folder + "/" + name;
    }

    /**
     * Returns the same file under another name, with a mark before the extension.
     *
     * @param mark the mark, such as {@code -r41}
     * @return such as {@code visits-r41.csv}
     */
    public StagedFile marked(String mark) {
        int dot = name.indexOf('.', 1);
        String marked = dot < 0 ? name + mark : name.substring(0, dot) + mark + name.substring(dot);
        return new StagedFile(role, definition, folder, marked, rows, bytes, sha256, sums, plain);
    }

    /**
     * Returns the same file without a plain copy that is kept next to it.
     *
     * @return the file; the same if no copy is kept
     */
    public StagedFile withoutPlainCopy() {
        Optional<PlainBytes> notKept =
                plain.map(was -> new PlainBytes(was.bytes(), was.sha256(), was.encrypted(), false));
        return new StagedFile(role, definition, folder, name, rows, bytes, sha256, sums, notKept);
    }

    /**
     * Returns whether a transform has encrypted it.
     *
     * @return whether only its receivers can read it
     */
    public boolean encrypted() {
        return plain.filter(PlainBytes::encrypted).isPresent();
    }

    /** What identifies it, without the sums: that of one record is a value of the record. */
    @Override
    public String toString() {
        return role + " file " + path() + " (" + (definition.isEmpty() ? "" : "definition=" + definition + ", ")
                + "rows=" + rows + ", bytes=" + bytes + ", sha256=" + sha256 + ")";
    }
}
