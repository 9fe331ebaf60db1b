/** The hello service: answers with its instance name and keeps itself registered in Consul. */
@NullMarked
package dev.clusterlab.hello;

import org.jspecify.annotations.NullMarked;
