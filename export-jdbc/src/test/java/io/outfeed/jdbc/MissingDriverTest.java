package io.outfeed.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.jdbc.databases.TestPostgres;
import io.outfeed.source.Parameters;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The module needs no class of PostgreSQL's driver, which a host may have where only its pool finds it. */
@SuppressWarnings("try") // an interrupted close fails the test, as it should
class MissingDriverTest {

    /** Loads the classes of this module itself, and finds the driver nowhere. */
    private static final class WithoutDriver extends ClassLoader {

        WithoutDriver() {
            super(MissingDriverTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.postgresql.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.outfeed.jdbc.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @Test
    void should_read_by_a_cursor() throws Exception {
        ClassLoader loader = new WithoutDriver();
        Class<?> rowType = loader.loadClass(Row.class.getName());
        Object builder = loader.loadClass(JdbcRecordSource.class.getName())
                .getMethod("builder", DataSource.class, Class.class)
                .invoke(null, TestPostgres.newDatabase(), rowType);
        builder.getClass()
                .getMethod("query", String.class)
                .invoke(builder, "SELECT split_part(current_query(), ' ', 1) AS statement, :word AS word");
        RecordSource<?> source =
                (RecordSource<?>) builder.getClass().getMethod("build").invoke(builder);

        assertThat(read(source)).isEqualTo("/*");
    }

    private static <T> Object read(RecordSource<T> source) throws Exception {
        Watermark<T> watermark = Watermark.fullSnapshot();
        try (SourceSession<T> session = source.open(Parameters.of(Map.of("word", "x")));
                Stream<T> rows =
                        session.read(new Window(watermark.beginning(), watermark.until(session, Clock.systemUTC())))) {
            T row = rows.findFirst().orElseThrow();
            Method string = row.getClass().getMethod("string", String.class);
            return string.invoke(row, "statement");
        }
    }
}
