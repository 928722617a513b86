package io.outfeed.support;

import java.io.IOException;
import java.io.InputStream;

/** The class loader of another application in this JVM: it shares the logging, and has classes of its own. */
public final class DeploymentLoader extends ClassLoader {

    private final ClassLoader shared = DeploymentLoader.class.getClassLoader();

    public DeploymentLoader() {
        super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (name.startsWith("org.slf4j.")) {
            return shared.loadClass(name);
        }
        try (InputStream in = shared.getResourceAsStream(name.replace('.', '/') + ".class")) {
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
