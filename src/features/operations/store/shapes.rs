//! Sections and billets as part of an operation's shape: read whole and written whole.

use crate::{
    domain::{BilletId, OperationId, SectionId},
    features::operations::model::{Held, ShapeBillet, ShapeSection},
    server::{
        Result,
        db::{Read, Write},
    },
};
use uuid::Uuid;

/// Inserts sections with empty billets, in order.
pub(in crate::features::operations) async fn put_sections(
    tx: &mut Write,
    operation: OperationId,
    sections: &[ShapeSection],
) -> Result<()> {
    let org = tx.org();
    for (at, section) in sections.iter().enumerate() {
        let id = SectionId(Uuid::now_v7());
        tx.run(
            "insert into section (org_id, operation_id, section_id, name, sort_order)
             values ($1, $2, $3, $4, $5)",
            (org, operation, id, section.name.clone(), at as i64),
        )
        .await?;
        for (at, billet) in section.billets.iter().enumerate() {
            tx.run(
                "insert into billet (org_id, operation_id, billet_id, section_id, title, text, needs,
                                     held, held_note, sort_order)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                (
                    org,
                    operation,
                    BilletId(Uuid::now_v7()),
                    id,
                    billet.title.clone(),
                    billet.text.clone(),
                    billet.needs.clone(),
                    billet.held.as_str().to_owned(),
                    billet.held_note.clone(),
                    at as i64,
                ),
            )
            .await?;
        }
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    section_id: SectionId,
    name: String,
    title: Option<String>,
    text: Option<String>,
    needs: Option<String>,
    held: Option<String>,
    held_note: Option<String>,
}

/// The sections of an operation with their billets, without those who fill them.
pub(in crate::features::operations) async fn sections_of(
    tx: &mut Read,
    operation: OperationId,
) -> Result<Vec<ShapeSection>> {
    let args = (tx.org(), operation);
    let rows: Vec<Row> = tx
        .all(
            "select s.section_id, s.name, b.title, b.text, b.needs, b.held, b.held_note
               from section s
               left join billet b on b.org_id = s.org_id and b.operation_id = s.operation_id
                                 and b.section_id = s.section_id
              where s.org_id = $1 and s.operation_id = $2
              order by s.sort_order, s.section_id, b.sort_order, b.billet_id",
            args,
        )
        .await?;
    let mut sections: Vec<(SectionId, ShapeSection)> = Vec::new();
    for row in rows {
        if sections.last().is_none_or(|(id, _)| *id != row.section_id) {
            let section = ShapeSection {
                name: row.name,
                billets: Vec::new(),
            };
            sections.push((row.section_id, section));
        }
        if let (Some((_, section)), Some(title)) = (sections.last_mut(), row.title) {
            section.billets.push(ShapeBillet {
                title,
                text: row.text.unwrap_or_default(),
                needs: row.needs.unwrap_or_default(),
                held: row.held.map(Held::from).unwrap_or_default(),
                held_note: row.held_note.unwrap_or_default(),
            });
        }
    }
    Ok(sections.into_iter().map(|(_, section)| section).collect())
}
