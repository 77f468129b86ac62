/** Many documents by name, kept in one place. */
module dev.scuttlebutt.store {
    requires transitive dev.scuttlebutt;
    requires java.sql;
    requires org.xerial.sqlitejdbc;

    exports dev.scuttlebutt.store;
}
