package io.outfeed.spring.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The class path of an application with all of Outfeed's modules and spring-boot-starter-mail, as the guide says. */
class ClassPathTest {

    @Test
    void should_have_no_class_twice() throws IOException {
        Map<String, String> found = new HashMap<>();
        Map<String, List<String>> twice = new TreeMap<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path jar = Path.of(element);
            if (element.endsWith(".jar") && Files.isRegularFile(jar)) {
                for (String name : classes(jar)) {
                    String other = found.putIfAbsent(name, element);
                    if (other != null && !other.equals(element)) {
                        twice.put(name, List.of(other, element));
                    }
                }
            }
        }

        assertThat(found).containsKey("jakarta/mail/Session.class");
        assertThat(twice).isEmpty();
    }

    private static List<String> classes(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile());
                Stream<String> names = file.stream().map(entry -> entry.getName())) {
            return names.filter(name -> name.endsWith(".class"))
                    .filter(name -> !name.endsWith("module-info.class") && !name.startsWith("META-INF/"))
                    .toList();
        }
    }
}
