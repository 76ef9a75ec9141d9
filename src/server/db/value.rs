//! Values that both databases bind, and rows that both return.

use sqlx::{
    Arguments, Encode, FromRow, Type,
    postgres::{PgArguments, PgRow, Postgres},
    sqlite::{Sqlite, SqliteArguments, SqliteRow},
};

/// A value that can be bound as an argument on both databases.
pub trait Value:
    for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Send
{
}

impl<T> Value for T where
    T: for<'q> Encode<'q, Sqlite>
        + Type<Sqlite>
        + for<'q> Encode<'q, Postgres>
        + Type<Postgres>
        + Send
{
}

/// A row type that can be read from both databases: anything with `#[derive(FromRow)]`, and tuples.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{}

/// The arguments of one statement: a tuple of [`Value`]s, in the order `$1`, `$2`, …
pub trait Args: Send {
    /// Binds them for SQLite.
    ///
    /// # Errors
    /// When a value cannot be encoded.
    fn sqlite(self) -> Result<SqliteArguments, sqlx::Error>;
    /// Binds them for PostgreSQL.
    ///
    /// # Errors
    /// When a value cannot be encoded.
    fn postgres(self) -> Result<PgArguments, sqlx::Error>;
}

macro_rules! tuple_args {
    ($($name:ident),*) => {
        impl<$($name: Value),*> Args for ($($name,)*) {
            #[expect(non_snake_case, reason = "type parameters name the tuple's fields")]
            #[allow(unused_mut, reason = "the empty tuple binds nothing")]
            fn sqlite(self) -> Result<SqliteArguments, sqlx::Error> {
                let ($($name,)*) = self;
                let mut arguments = SqliteArguments::default();
                $(Arguments::add(&mut arguments, $name).map_err(sqlx::Error::Encode)?;)*
                Ok(arguments)
            }

            #[expect(non_snake_case, reason = "type parameters name the tuple's fields")]
            #[allow(unused_mut, reason = "the empty tuple binds nothing")]
            fn postgres(self) -> Result<PgArguments, sqlx::Error> {
                let ($($name,)*) = self;
                let mut arguments = PgArguments::default();
                $(Arguments::add(&mut arguments, $name).map_err(sqlx::Error::Encode)?;)*
                Ok(arguments)
            }
        }
    };
}

impl Args for () {
    fn sqlite(self) -> Result<SqliteArguments, sqlx::Error> {
        Ok(SqliteArguments::default())
    }

    fn postgres(self) -> Result<PgArguments, sqlx::Error> {
        Ok(PgArguments::default())
    }
}

tuple_args!(A);
tuple_args!(A, B);
tuple_args!(A, B, C);
tuple_args!(A, B, C, D);
tuple_args!(A, B, C, D, E);
tuple_args!(A, B, C, D, E, F);
tuple_args!(A, B, C, D, E, F, G);
tuple_args!(A, B, C, D, E, F, G, H);
tuple_args!(A, B, C, D, E, F, G, H, I);
tuple_args!(A, B, C, D, E, F, G, H, I, J);
tuple_args!(A, B, C, D, E, F, G, H, I, J, K);
tuple_args!(A, B, C, D, E, F, G, H, I, J, K, L);
tuple_args!(A, B, C, D, E, F, G, H, I, J, K, L, M);
tuple_args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N);
tuple_args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O);
// The rows of operations are wide.
tuple_args!(A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S);
tuple_args!(
    A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y
);

macro_rules! bind_ids {
    ($($name:ident),*) => {
        $(
            impl Type<Sqlite> for crate::domain::$name {
                fn type_info() -> sqlx::sqlite::SqliteTypeInfo {
                    <uuid::Uuid as Type<Sqlite>>::type_info()
                }
                fn compatible(ty: &sqlx::sqlite::SqliteTypeInfo) -> bool {
                    <uuid::Uuid as Type<Sqlite>>::compatible(ty)
                }
            }

            impl Type<Postgres> for crate::domain::$name {
                fn type_info() -> sqlx::postgres::PgTypeInfo {
                    <uuid::Uuid as Type<Postgres>>::type_info()
                }
            }

            impl<DB: sqlx::Database> Encode<'_, DB> for crate::domain::$name
            where
                uuid::Uuid: for<'q> Encode<'q, DB>,
            {
                fn encode_by_ref(
                    &self,
                    buf: &mut <DB as sqlx::Database>::ArgumentBuffer,
                ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                    self.0.encode_by_ref(buf)
                }
            }

            impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for crate::domain::$name
            where
                uuid::Uuid: sqlx::Decode<'r, DB>,
            {
                fn decode(
                    value: <DB as sqlx::Database>::ValueRef<'r>,
                ) -> Result<Self, sqlx::error::BoxDynError> {
                    uuid::Uuid::decode(value).map(Self)
                }
            }
        )*
    };
}

crate::domain::ids::with_id_types!(bind_ids);
