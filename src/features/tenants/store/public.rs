//! SQL of what everybody may see of organisations.

use crate::{
    domain::time::Instant,
    server::{
        Result,
        db::{Read, System},
    },
};

/// Description, and name of the type.
pub(in crate::features::tenants) async fn face(tx: &mut Read) -> Result<(String, Option<String>)> {
    let org = tx.org();
    tx.one(
        "select o.description, t.name
           from org o left join org_type t on t.type_id = o.type_id
          where o.org_id = $1",
        (org,),
    )
    .await
}

#[derive(sqlx::FromRow)]
pub(in crate::features::tenants) struct FoundRow {
    pub(in crate::features::tenants) exact: i64,
    pub(in crate::features::tenants) name: String,
    pub(in crate::features::tenants) slug: String,
    pub(in crate::features::tenants) host: Option<String>,
    pub(in crate::features::tenants) type_name: Option<String>,
    pub(in crate::features::tenants) description: String,
    pub(in crate::features::tenants) people: i64,
}

/// Organisations by their name or that of a public group: exact matches first, then by name. A
/// group below a private one is as private (§5.2), so a match counts only when the way from it up
/// to the root is public, and people only in groups that can be reached from the root that way.
pub(in crate::features::tenants) async fn search(
    tx: &mut System,
    key: String,
    now: Instant,
    limit: i64,
    offset: i64,
) -> Result<Vec<FoundRow>> {
    let pattern = contains(&key);
    tx.all(
        "with recursive
         climb (org_id, parent_id, exact) as (
            select g.org_id, g.parent_id, g.name_key = $1
              from roster_group g
             where $1 <> '' and g.name_key like $2 escape '!' and g.parent_id is not null
               and g.visibility = 'public' and g.retired_at is null
            union all
            select c.org_id, g.parent_id, c.exact
              from climb c
              join roster_group g on g.org_id = c.org_id and g.group_id = c.parent_id
             where g.parent_id is null or (g.visibility = 'public' and g.retired_at is null)
         ),
         hit (org_id, exact) as (
            select o.org_id, o.name_key = $1 from org o where o.name_key like $2 escape '!'
            union all
            select c.org_id, c.exact from climb c where c.parent_id is null
         ),
         found (org_id, exact) as (
            select org_id, cast(max(case when exact then 1 else 0 end) as bigint)
              from hit group by org_id
         ),
         page (org_id, exact, name, name_key, slug, type_id, description) as (
            select o.org_id, f.exact, o.name, o.name_key, o.slug, o.type_id, o.description
              from found f join org o on o.org_id = f.org_id
             order by f.exact desc, o.name_key limit $4 offset $5
         ),
         shown (org_id, group_id) as (
            select g.org_id, g.group_id
              from page p
              join roster_group g on g.org_id = p.org_id and g.parent_id is null
            union all
            select g.org_id, g.group_id
              from shown s
              join roster_group g on g.org_id = s.org_id and g.parent_id = s.group_id
             where g.visibility = 'public' and g.retired_at is null
         ),
         people (org_id, people) as (
            select m.org_id, count(distinct m.player_id)
              from shown s
              join membership m on m.org_id = s.org_id and m.group_id = s.group_id
             where m.until is null or m.until > $3
             group by m.org_id
         )
         select p.exact, p.name, p.slug, c.host, t.name as type_name, p.description,
                coalesce(n.people, 0) as people
           from page p
           left join people n on n.org_id = p.org_id
           left join domain c on c.org_id = p.org_id and c.canonical
           left join org_type t on t.type_id = p.type_id
          order by p.exact desc, p.name_key",
        (key, pattern, now, limit, offset),
    )
    .await
}

/// The pattern of texts that contain this one.
fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '!' | '%' | '_') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn signs_of_patterns_mean_themselves() {
        assert_eq!(contains("100%_!"), "%100!%!_!!%");
    }
}
