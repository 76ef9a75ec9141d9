//! `muster org-type list`, `show`, `add` and `edit`.

use super::{OrgTypeArgs, OrgTypeCommand, open};
use crate::{
    domain::{AppError, module::Module},
    features::tenants::{
        input::org_types::OrgTypeFile,
        model::org_types::{OrgType, TypeRank},
        service,
    },
    server::{Ctx, Failure, Result, config::Config},
};
use std::path::Path;

/// Runs one of the commands on org types.
pub(super) async fn org_type(config: Config, command: OrgTypeCommand) -> Result<()> {
    let state = open::state(config).await?;
    let ctx = open::operator(&state);
    match command {
        OrgTypeCommand::List => list(&ctx).await?,
        OrgTypeCommand::Show { id, json: true } => show_json(read(&ctx, &id).await?)?,
        OrgTypeCommand::Show { id, json: false } => show(&read(&ctx, &id).await?)?,
        OrgTypeCommand::Add(args) => add(&ctx, args).await?,
        OrgTypeCommand::Edit(args) => edit(&ctx, args).await?,
    }
    state.db.close().await;
    Ok(())
}

async fn list(ctx: &Ctx) -> Result<()> {
    for line in service::read_org_types(ctx).await? {
        open::say(format_args!(
            "{:24} {:20} {:>6}  {}",
            line.id, line.name, line.orgs, line.description
        ))?;
    }
    Ok(())
}

async fn read(ctx: &Ctx, id: &str) -> Result<OrgType> {
    match service::read_org_type(ctx, id).await {
        Err(Failure::App(AppError::NotFound)) => {
            Err(Failure::setup(format!("there is no org type {id}")))
        }
        found => found,
    }
}

fn show_json(of: OrgType) -> Result<()> {
    let json = serde_json::to_string_pretty(&OrgTypeFile::from(of))
        .map_err(|error| Failure::setup(format!("cannot write the type: {error}")))?;
    open::say(json)
}

fn show(of: &OrgType) -> Result<()> {
    let modules: Vec<&str> = of.modules.iter().map(Module::id).collect();
    let one = if of.one_per_person { "yes" } else { "no" };
    let lines = [
        ("id", of.id.clone()),
        ("name", of.name.clone()),
        ("description", of.description.clone()),
        ("members", of.member_kind.as_str().to_owned()),
        ("one per person", one.to_owned()),
        ("modules", modules.join(" ")),
        ("access", of.access.stored()),
        ("chat command", of.command_name.clone()),
        ("aliases", of.aliases.clone()),
        ("organisations", of.orgs.to_string()),
    ];
    for (name, value) in lines {
        open::say(format!("{name:15} {value}").trim_end())?;
    }
    for rank in &of.ranks {
        let TypeRank { level, name, .. } = rank;
        let kind = match (rank.is_default, rank.is_guest) {
            (true, _) => "default",
            (_, true) => "guest",
            _ => "",
        };
        let access = rank.access.stored();
        let line = format!("rank {level:>10} {name:24} {kind:8} {access}");
        open::say(line.trim_end())?;
    }
    Ok(())
}

async fn add(ctx: &Ctx, args: OrgTypeArgs) -> Result<()> {
    let input = given(args)?.into_input();
    let id = input.type_id.clone();
    service::create_org_type(ctx, input).await?;
    open::say(format_args!("Added the org type {id}."))
}

async fn edit(ctx: &Ctx, args: OrgTypeArgs) -> Result<()> {
    let given = given(args)?;
    let id = given.type_id.clone().ok_or_else(|| {
        Failure::setup("which org type? Name it with --id, or in the file".to_owned())
    })?;
    let before = read(ctx, &id).await?;
    let version = before.version;
    let input = given.or(before.into()).into_input();
    service::edit_org_type(ctx, input, version).await?;
    open::say(format_args!("Changed the org type {id}."))
}

/// What flags and file say.
fn given(args: OrgTypeArgs) -> Result<OrgTypeFile> {
    let file = args.file.as_deref().map(read_file).transpose()?;
    // An empty flag is an empty list.
    let words = |list: Option<Vec<String>>| {
        list.map(|list| list.into_iter().filter(|word| !word.is_empty()).collect())
    };
    let flags = OrgTypeFile {
        type_id: args.id,
        name: args.name,
        description: args.description,
        member_kind: args.member_kind,
        one_per_person: args.one_per_person,
        modules: words(args.modules),
        access: words(args.access),
        command_name: args.command_name,
        aliases: words(args.aliases),
        ranks: None,
    };
    Ok(flags.or(file.unwrap_or_default()))
}

/// JSON begins with a brace, TOML never does.
fn read_file(path: &Path) -> Result<OrgTypeFile> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::setup(format!("cannot read {shown}: {error}")))?;
    let wrong = |error: String| {
        // TOML shows the place over several lines: the first says where, the last what.
        let lines: Vec<&str> = error.trim_end().lines().collect();
        let told = match lines.as_slice() {
            [first, .., last] => format!("{first}: {last}"),
            _ => error.clone(),
        };
        Failure::setup(format!("{shown}: {told}"))
    };
    if text.trim_start().starts_with('{') {
        serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))
    } else {
        toml::from_str(&text).map_err(|error| wrong(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(name: &str, text: &str) -> std::result::Result<OrgTypeFile, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let path = folder.path().join(name);
        std::fs::write(&path, text).map_err(|error| error.to_string())?;
        read_file(&path).map_err(open::line)
    }

    #[test]
    fn files_are_read_as_json_and_toml() {
        let json = r#"{"type_id": "example.club", "ranks": [{"level": 0, "name": "Guest", "guest": true}]}"#;
        let toml =
            "type_id = \"example.club\"\n[[ranks]]\nlevel = 0\nname = \"Guest\"\nguest = true\n";
        let read = read_text("type.json", json);
        assert!(read.is_ok(), "{read:?}");
        assert_eq!(read, read_text("type.toml", toml));
    }

    #[test]
    fn what_is_wrong_in_a_file_is_told_with_its_name() {
        for text in ["{\"nmae\": \"x\"}", "nmae = \"x\"", "{", "= ="] {
            let told = read_text("type.txt", text).expect_err("a bad file");
            assert!(told.contains("type.txt"), "{told}");
        }
    }
}
