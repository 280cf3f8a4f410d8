"""No tables: this file is here because Django tells only apps with models that a migration has run (`roles.apply`)."""
