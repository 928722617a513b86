package io.outfeed.sftp.internal.crypto;

import net.schmizz.sshj.common.Factory;

/** A factory with the name by which SSH negotiates its products. */
record NamedFactory<T>(String name, Factory<T> factory) implements Factory.Named<T> {

    @Override
    public String getName() {
        return name;
    }

    @Override
    public T create() {
        return factory.create();
    }
}
