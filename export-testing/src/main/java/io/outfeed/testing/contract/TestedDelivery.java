package io.outfeed.testing.contract;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.TemporaryNames;
import io.outfeed.file.IfExists;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of both contracts of a delivery need of the implementation. */
abstract class TestedDelivery {

    private Delivery delivery;

    /**
     * Makes a delivery to a destination without files. Called once for each test.
     *
     * @return the delivery
     * @throws Exception if that fails; so does the test
     */
    protected abstract Delivery delivery() throws Exception;

    /**
     * Reads a file as a receiver does.
     *
     * @param path the path below the destination, with {@code /} between folder and name
     * @return its bytes, or empty if a receiver sees no file of that name
     * @throws Exception if that fails; so does the test
     */
    protected abstract Optional<byte[]> visible(String path) throws Exception;

    /**
     * Lists the files that wait to be published. Override it if the test can see them; by default no test asks for
     * them.
     *
     * @return their paths below the destination in any order, or empty if they can't be seen
     * @throws Exception if that fails; so does the test
     */
    protected Optional<List<String>> temporaryNames() throws Exception {
        return Optional.empty();
    }

    /**
     * Returns the names of uploads that the delivery is set to use.
     *
     * @return {@link TemporaryNames#hidden} by default
     */
    protected TemporaryNames names() {
        return TemporaryNames.hidden();
    }

    /**
     * Returns what the delivery must not show in its {@code toString}, such as its password.
     *
     * @return nothing by default
     */
    protected List<String> secrets() {
        return List.of();
    }

    /**
     * Returns the choices for a name that is taken which the delivery can honour. The tests of others are skipped.
     *
     * @return all by default
     */
    protected Set<IfExists> supported() {
        return EnumSet.allOf(IfExists.class);
    }

    /**
     * Returns whether two requests at the same time to publish one upload are both answered that it is done, as some
     * object stores do: it is done once, and both receipts are true.
     *
     * @return false by default: one of them is refused
     */
    protected boolean acknowledgesBoth() {
        return false;
    }

    @BeforeEach
    void makeDelivery() throws Exception {
        delivery = delivery();
    }

    /** The delivery of this test, as {@link #delivery} returned it. */
    Delivery tested() {
        return delivery;
    }
}
