package io.outfeed.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Compiles all Java code of the guide, as what stands in a host: statements, or the continuation of a builder. Longer
 * code is in a source of this module, which a test of its own compares with the guide.
 */
class GuideCodeTest {

    private static final Path GUIDE = Path.of("../docs/guide");

    /** Their code needs containers that this module does not have. */
    private static final Set<String> OF_CONTAINERS = Set.of("quarkus.md", "spring-boot.md");

    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private static final Pattern EXPORTED = Pattern.compile("(?m)^\\s*exports (io\\.outfeed[\\w.]*);");

    private static final List<String> OTHERS = List.of(
            "com.github.kagkarlsson.scheduler.task.*",
            "io.outfeed.format.CsvFormat.*",
            "java.io.*",
            "java.math.*",
            "java.net.*",
            "java.nio.charset.*",
            "java.nio.file.*",
            "java.time.*",
            "java.util.*",
            "java.util.function.*",
            "tools.jackson.core.type.*",
            "tools.jackson.databind.json.*");

    /** A block of a page, as a class. */
    private record Code(String page, int number, String text) {

        private String className() {
            return "Code_" + page.replaceAll("\\W", "_") + "_" + number;
        }

        private boolean isInASource(String sources) {
            return sources.contains(text.replaceAll("\\s", ""));
        }

        private String source(List<String> imports) {
            return "package io.outfeed.examples.guide;\n"
                    + imports.stream().map(each -> "import " + each + ";\n").collect(Collectors.joining())
                    + "abstract class " + className() + " extends GuideHost {\n" + body() + "\n}\n";
        }

        private String body() {
            String code = text.strip();
            String first = code.lines()
                    .filter(line -> !line.startsWith("//"))
                    .findFirst()
                    .orElseThrow();
            String chain = first.startsWith(".controlFiles")
                    ? "ExportJob.builder(\"gifts\", gifts)\n"
                    : "ExportDefinition.builder(\"gifts\", Gift.class)\n";
            String statements = (first.startsWith(".") ? chain : "") + code + (code.endsWith(";") ? "" : "\n;");
            return "void code() throws Exception {\n" + statements + "\n}";
        }
    }

    private static List<Code> code() throws IOException {
        List<Code> code = new ArrayList<>();
        try (Stream<Path> pages = Files.walk(GUIDE)) {
            for (Path page : pages.filter(each -> each.toString().endsWith(".md"))
                    .filter(each -> !OF_CONTAINERS.contains(each.getFileName().toString()))
                    .sorted()
                    .toList()) {
                Matcher block = BLOCK.matcher(Files.readString(page));
                for (int number = 1; block.find(); number++) {
                    code.add(new Code(page.getFileName().toString(), number, block.group(1)));
                }
            }
        }
        return code;
    }

    /** All sources of the tests of this module, without white space. */
    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> sources = Files.walk(Path.of("src/test/java"))) {
            for (Path source :
                    sources.filter(each -> each.toString().endsWith(".java")).toList()) {
                all.append(Files.readString(source).replaceAll("\\s", ""));
            }
        }
        return all.toString();
    }

    /** What modules export, and what else a page may use without a word. */
    private static List<String> imports() throws IOException {
        List<String> imports = new ArrayList<>(OTHERS);
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path module : modules.map(each -> each.resolve("src/main/java/module-info.java"))
                    .filter(Files::exists)
                    .filter(each -> !each.toString().contains("spring-boot"))
                    .toList()) {
                Matcher exported = EXPORTED.matcher(Files.readString(module));
                while (exported.find()) {
                    imports.add(exported.group(1) + ".*");
                }
            }
        }
        return imports;
    }

    @Test
    void should_compile() throws IOException {
        String sources = sources();
        List<String> imports = imports();
        List<JavaFileObject> units = code().stream()
                .filter(code -> !code.isInASource(sources))
                .<JavaFileObject>map(code -> unit(code, imports))
                .toList();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

        boolean compiled = compiler.getTask(
                        Writer.nullWriter(),
                        null,
                        found,
                        List.of(
                                "-proc:none",
                                "-nowarn",
                                "-d",
                                Files.createDirectories(Path.of("target/guide")).toString(),
                                "-classpath",
                                System.getProperty("java.class.path")),
                        null,
                        units)
                .call();

        assertThat(units).hasSizeGreaterThan(20);
        assertThat(found.getDiagnostics().stream()
                        .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                        .map(each -> each.getSource().getName() + ": " + each.getMessage(Locale.ENGLISH)))
                .isEmpty();
        assertThat(compiled).isTrue();
    }

    private static JavaFileObject unit(Code code, List<String> imports) {
        URI name = URI.create("string:///" + code.className() + ".java");
        String source = code.source(imports);
        return new SimpleJavaFileObject(name, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }
}
