//! Checking the schema while it is typed.
//!
//! Owns that one check is under way at a time: what was typed meanwhile is checked afterwards, and of that only the newest. A large
//! schema takes longer than the next key, and a thread for each key would keep the machine busy with texts that nobody has any more.

use super::super::effect::Answer;
use crate::schema::Schema;
use tokio::sync::mpsc;

/// A text that may be a schema.
pub(super) struct Draft {
    /// Its revision.
    pub revision: u64,
    /// The text.
    pub text: String,
    /// The name of a schema without a title.
    pub name: Option<String>,
}

/// Starts who checks; it ends when the queue is dropped. Texts that were overtaken get no answer.
pub(super) fn start(answers: mpsc::UnboundedSender<Answer>) -> mpsc::UnboundedSender<Draft> {
    let (queue, mut drafts) = mpsc::unbounded_channel::<Draft>();
    tokio::spawn(async move {
        while let Some(mut draft) = drafts.recv().await {
            while let Ok(newer) = drafts.try_recv() {
                draft = newer;
            }
            let checked = tokio::task::spawn_blocking(move || Answer::Checked {
                revision: draft.revision,
                result: Schema::load(&draft.text, draft.name.as_deref()),
            });
            // A panic of a library leaves this text without an answer, and the next one is checked.
            if let Ok(answer) = checked.await
                && answers.send(answer).is_err()
            {
                return;
            }
        }
    });
    queue
}

#[cfg(test)]
mod tests {
    use super::{Draft, start};
    use crate::workbench::effect::Answer;
    use tokio::sync::mpsc;

    #[tokio::test]
    async fn the_newest_text_is_checked_and_what_it_overtook_is_not() {
        let (sender, mut answers) = mpsc::unbounded_channel();
        let queue = start(sender);
        // Nothing runs before the first wait.
        for (revision, text) in [(1, "na"), (2, "name, ("), (3, "name")] {
            let text = text.to_owned();
            assert!(
                queue
                    .send(Draft {
                        revision,
                        text,
                        name: None
                    })
                    .is_ok()
            );
        }
        drop(queue);
        let mut seen = Vec::new();
        while let Some(answer) = answers.recv().await {
            let Answer::Checked { revision, result } = answer else {
                panic!("{answer:?}")
            };
            seen.push((revision, result.is_ok()));
        }
        assert_eq!(seen, [(3, true)]);
    }
}
