package io.outfeed.spring.internal;

import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactory;

/** The beans of an application that change what is made of its properties. Thread-safe. */
final class Customizers {

    private final BeanFactory beans;

    Customizers(BeanFactory beans) {
        this.beans = beans;
    }

    /** Returns the customizers of one type, in their order. */
    <C> Stream<C> of(Class<C> type) {
        return beans.getBeanProvider(type).orderedStream();
    }
}
