package io.outfeed.jdbc.internal.column;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.outfeed.error.FailureCode;
import io.outfeed.error.SourceException;
import io.outfeed.jdbc.internal.connection.SourceConnection;
import io.outfeed.jdbc.internal.connection.SqlCancel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowsAheadTest {

    private static final int AHEAD = 128;
    private static final SqlCancel NO_CANCEL = () -> {
        throw new AssertionError("cancelled");
    };

    /** Rows whose values are their number and a text, read by any thread. */
    private static final class Numbers implements RowReader {

        private final long count;
        private final @Nullable Throwable end;
        private final int length;
        private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

        /** Gets a permit for each row that is read. */
        private final Semaphore read = new Semaphore(0);

        /** After which row the next one waits for {@link #released}. */
        private volatile long hangsAfter = Long.MAX_VALUE;

        private final CountDownLatch released = new CountDownLatch(1);
        private volatile @Nullable Boolean readingWhenClosed;
        private volatile boolean reading;
        private long number;

        private Numbers(long count, @Nullable Throwable end, int length) {
            this.count = count;
            this.end = end;
            this.length = length;
        }

        static Numbers to(long count) {
            return new Numbers(count, null, 1);
        }

        @Override
        public @Nullable RowValues next() throws SQLException {
            threads.add(Thread.currentThread());
            reading = true;
            try {
                return row();
            } finally {
                reading = false;
            }
        }

        private @Nullable RowValues row() throws SQLException {
            if (number >= hangsAfter) {
                read.release();
                awaitRelease();
                throw new SQLException("cancelled");
            } else if (number < count) {
                long value = ++number;
                read.release();
                return index -> index == 0 ? value : "x".repeat(length);
            } else if (end instanceof SQLException e) {
                throw e;
            } else if (end instanceof RuntimeException e) {
                throw e;
            } else if (end instanceof Error e) {
                throw e;
            }
            return null;
        }

        private void awaitRelease() {
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new AssertionError("a driver may not be interrupted", e);
            }
        }

        @Override
        public void close() {
            readingWhenClosed = reading;
        }
    }

    @SuppressWarnings("NullAway.Init")
    private SourceConnection connection;

    private final CountDownLatch aborted = new CountDownLatch(1);

    /** What a driver does when its connection is aborted. */
    private Runnable onAbort = () -> {};

    @BeforeEach
    void connect() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setUrl("jdbc:h2:mem:");
        DataSource database = proxy(
                DataSource.class,
                h2,
                "getConnection",
                () -> proxy(Connection.class, h2.getConnection(), "abort", () -> {
                    aborted.countDown();
                    onAbort.run();
                    return null;
                }));
        connection = SourceConnection.open(database, Duration.ofMinutes(1));
    }

    @AfterEach
    void disconnect() {
        connection.close();
    }

    /** Answers a call. */
    private interface Answer {
        @Nullable
        Object get() throws SQLException;
    }

    private static <T> T proxy(Class<T> type, T target, String method, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                RowsAheadTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    if (called.getName().equals(method)) {
                        return answer.get();
                    }
                    try {
                        return called.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private RowsAhead ahead(Numbers numbers, SqlCancel cancel) {
        return new RowsAhead(numbers, connection, cancel, 2, AHEAD);
    }

    private static List<Object> read(RowReader rows, long most) throws SQLException {
        List<Object> numbers = new ArrayList<>();
        for (RowValues row = rows.next(); row != null; row = rows.next()) {
            numbers.add(row.get(0));
            if (numbers.size() == most) {
                break;
            }
        }
        return numbers;
    }

    private static Object[] numbersTo(long count) {
        return LongStream.rangeClosed(1, count).boxed().toArray();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, AHEAD - 1, AHEAD, AHEAD + 1, AHEAD + 64, AHEAD + 65, 3 * AHEAD, 10_007})
    void should_give_all_rows_in_their_order(long count) throws SQLException {
        RowsAhead rows = ahead(Numbers.to(count), NO_CANCEL);

        assertThat(read(rows, Long.MAX_VALUE)).containsExactly(numbersTo(count));
        assertThat(rows.next()).isNull();
        rows.close();
    }

    @Test
    void should_read_a_short_result_on_the_thread_of_the_caller() throws SQLException {
        Numbers numbers = Numbers.to(AHEAD - 1);

        read(ahead(numbers, NO_CANCEL), Long.MAX_VALUE);

        assertThat(numbers.threads).containsExactly(Thread.currentThread());
    }

    static List<Throwable> failures() {
        return List.of(
                new SQLException("broken"), new IllegalStateException("broken"), new OutOfMemoryError("not enough"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void should_give_the_rows_before_a_failure_and_then_the_failure(Throwable failure) throws SQLException {
        RowsAhead rows = ahead(new Numbers(AHEAD + 70, failure, 1), NO_CANCEL);

        assertThat(read(rows, AHEAD + 70)).containsExactly(numbersTo(AHEAD + 70));
        assertThat(catchThrowable(rows::next)).isSameAs(failure);
        rows.close();
    }

    /** Read by the caller are the first rows and a batch; two batches wait, and one does not fit. */
    @ParameterizedTest
    @CsvSource({"1, 64", "70000, 1"})
    void should_read_ahead_no_more_than_it_may(int length, int batch) throws Exception {
        Numbers numbers = new Numbers(1_000_000, null, length);
        RowsAhead rows = ahead(numbers, NO_CANCEL);

        read(rows, AHEAD + 1);
        numbers.read.acquire(AHEAD + batch + 2 * batch + batch);
        awaitWaiting(numbers);

        assertThat(numbers.read.tryAcquire()).isFalse();
        rows.close();
    }

    /** Waits until the thread that reads waits for room. */
    private static void awaitWaiting(Numbers numbers) {
        Thread reader = numbers.threads.stream()
                .filter(thread -> thread != Thread.currentThread())
                .findAny()
                .orElseThrow();
        while (reader.getState() != Thread.State.WAITING) {
            assertThat(reader.isAlive()).as("it waits for room").isTrue();
            Thread.onSpinWait();
        }
    }

    @Test
    void should_have_ended_its_thread_before_it_closes_the_rows() throws Exception {
        Numbers numbers = Numbers.to(1_000_000);
        RowsAhead rows = ahead(numbers, NO_CANCEL);
        read(rows, AHEAD + 1);

        rows.close();

        assertThat(numbers.readingWhenClosed).isFalse();
        assertThat(numbers.threads).filteredOn(Thread::isAlive).containsExactly(Thread.currentThread());
    }

    @Test
    void should_cancel_a_fetch_that_hangs_when_the_rows_are_closed() throws Exception {
        Numbers numbers = Numbers.to(1_000_000);
        numbers.hangsAfter = AHEAD + 64;
        RowsAhead rows = ahead(numbers, numbers.released::countDown);
        read(rows, AHEAD + 1);
        numbers.read.acquire(AHEAD + 65);

        rows.close();

        assertThat(numbers.readingWhenClosed).isFalse();
        assertThat(aborted.getCount()).isOne();
    }

    @Test
    void should_end_a_fetch_when_the_caller_is_interrupted() throws Exception {
        Numbers numbers = Numbers.to(1_000_000);
        RowsAhead rows = ahead(numbers, numbers.released::countDown);

        assertThat(interruptedNext(numbers, rows))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.STOPPED))
                .hasMessage("the query broke off: it was interrupted");
        assertThat(aborted.getCount()).isOne();
        rows.close();
    }

    @Test
    void should_abort_the_connection_if_a_fetch_can_not_be_cancelled() throws Exception {
        Numbers numbers = Numbers.to(1_000_000);
        onAbort = numbers.released::countDown;
        RowsAhead rows = ahead(numbers, () -> {
            throw new SQLException("can't be cancelled");
        });

        assertThat(interruptedNext(numbers, rows)).isInstanceOf(SourceException.class);
        assertThat(aborted.getCount()).isZero();
    }

    /** Interrupts this thread while it waits for a row that does not come. Returns what it gets for that. */
    private static Throwable interruptedNext(Numbers numbers, RowsAhead rows) throws Exception {
        numbers.hangsAfter = AHEAD;
        read(rows, AHEAD);
        Thread caller = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            numbers.read.acquireUninterruptibly(AHEAD + 1);
            caller.interrupt();
        });
        interrupter.start();

        Throwable failure = catchThrowable(rows::next);

        assertThat(Thread.interrupted()).isTrue();
        interrupter.join();
        assertThat(numbers.threads).filteredOn(Thread::isAlive).containsExactly(caller);
        return failure;
    }
}
