package io.outfeed.testing.contract;

import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/**
 * What the engine relies on in an {@link ExportStore}: all that a store has to pass. Times are kept to the microsecond
 * at least, texts of any characters but NUL.
 *
 * <p>The tests are in six groups, each of which can be run alone: {@code StoreRuns}, {@code StoreQueries},
 * {@code StoreJobState}, {@code StoreJobs}, {@code StoreLocks} and {@code StoreIncidents}.
 *
 * <pre>{@code
 * class MyStoreTest extends ExportStoreContract {
 *     @Override
 *     protected ExportStore open() {
 *         return new MyStore(emptyDatabase);
 *     }
 * }
 * }</pre>
 */
public abstract class ExportStoreContract {

    private final List<ExportStore> opened = new ArrayList<>();

    /** Made by JUnit, for each test. */
    protected ExportStoreContract() {}

    /**
     * Opens a store that remembers nothing. Called once for each test, which closes it.
     *
     * @return the store
     * @throws Exception if that fails; so does the test
     */
    protected abstract ExportStore open() throws Exception;

    /**
     * Closes a store and opens what it has kept, as a restart of the host does. Override it for a store that is
     * durable; by default the store stays open.
     *
     * @param before the store
     * @return a store that remembers the same; the test closes it
     * @throws Exception if that fails; so does the test
     */
    protected ExportStore reopen(ExportStore before) throws Exception {
        return before;
    }

    /**
     * Opens what another node of the host would use at the same time. Override it for a store that nodes share; by
     * default it is the store itself.
     *
     * @param first the store of the first node, which stays open
     * @return a store that sees the same; the test closes it
     * @throws Exception if that fails; so does the test
     */
    protected ExportStore secondNode(ExportStore first) throws Exception {
        return first;
    }

    /**
     * Takes a lock away from its owner, as the store does when the owner seems dead. Override it for a store that can
     * do this; by default nothing happens, and the tests of it are skipped.
     *
     * @param lock a lock that is held
     * @return whether the lock was taken away
     * @throws Exception if that fails; so does the test
     */
    protected boolean breakLock(JobLock lock) throws Exception {
        return false;
    }

    @BeforeEach
    void openStore() throws Exception {
        opened(open());
    }

    @AfterEach
    void closeStores() {
        opened.forEach(ExportStore::close);
    }

    /** The store of this test, as {@link #open} returned it. */
    ExportStore firstStore() {
        return opened.get(0);
    }

    /** Has a store closed when the test is over. */
    ExportStore opened(ExportStore store) {
        opened.add(store);
        return store;
    }

    @Nested
    class StoreRuns extends StoreRunsContract {

        @Override
        ExportStoreContract implementation() {
            return ExportStoreContract.this;
        }
    }

    @Nested
    class StoreQueries extends StoreQueriesContract {

        @Override
        ExportStoreContract implementation() {
            return ExportStoreContract.this;
        }
    }

    @Nested
    class StoreJobState extends StoreJobStateContract {

        @Override
        ExportStoreContract implementation() {
            return ExportStoreContract.this;
        }
    }

    @Nested
    class StoreJobs extends StoreJobsContract {

        @Override
        ExportStoreContract implementation() {
            return ExportStoreContract.this;
        }
    }

    @Nested
    class StoreLocks extends StoreLocksContract {

        @Override
        ExportStoreContract implementation() {
            return ExportStoreContract.this;
        }
    }

    @Nested
    class ChangesOfNodes extends StoreChangesContract {

        @Override
        ExportStoreContract implementation() {
            return ExportStoreContract.this;
        }
    }

    @Nested
    class StoreIncidents extends StoreIncidentsContract {

        @Override
        ExportStoreContract implementation() {
            return ExportStoreContract.this;
        }
    }

    @Nested
    class StoreAudit extends StoreAuditContract {

        @Override
        ExportStoreContract implementation() {
            return ExportStoreContract.this;
        }
    }
}
